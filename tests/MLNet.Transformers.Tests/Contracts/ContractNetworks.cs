using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML;
using MLNet.Transformers.Models;
using MLNet.Transformers.Tests.Models;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Contracts;

/// <summary>The cells of the table of tasks and architectures, each trained once.</summary>
public sealed class ContractNetworks : IDisposable
{
    internal static readonly IReadOnlyDictionary<string, TaskContract> Tasks = new Dictionary<string, TaskContract>
    {
        ["sequence classification"] = new SequenceClassificationContract(),
        ["sequence to sequence"] = new SequenceToSequenceContract(),
        ["question answering"] = new QuestionAnsweringContract(),
        ["token classification"] = new TokenClassificationContract(),
    };

    private readonly ConcurrentDictionary<(string Task, string Network), Lazy<(IDataView Rows, ITransformer Model)>> _models = new();

    /// <summary>Tasks with the rows of <see cref="SmallConfigs"/> that have a head for them.</summary>
    public static TheoryData<string, string> Cells
    {
        get
        {
            var cells = new TheoryData<string, string>();
            foreach ((string name, TaskContract task) in Tasks)
            {
                foreach (string network in SmallConfigs.Rows.Keys.Where(network => Has(network, task)))
                {
                    cells.Add(name, network);
                }
            }
            return cells;
        }
    }

    internal (IDataView Rows, ITransformer Model) Trained(string task, string network) =>
        _models.GetOrAdd((task, network), cell => new(() => Train(Tasks[cell.Task], cell.Network))).Value;

    public void Dispose()
    {
        foreach (Lazy<(IDataView Rows, ITransformer Model)> cell in _models.Values.Where(cell => cell.IsValueCreated))
        {
            (cell.Value.Model as IDisposable)?.Dispose();
        }
    }

    /// <summary>A network of a row's shape with fresh weights, and a vocabulary of the task's words.</summary>
    internal static Checkpoint Fresh(TaskContract task, string network)
    {
        string[] texts = [.. task.Texts];
        TextEncoder tokenizer = WordPieceTrainer.Train([.. texts, .. texts], size: 200);
        return Checkpoint.FromConfig(
            Read(network, json =>
            {
                json[json.ContainsKey("padded_vocab_size") ? "padded_vocab_size" : "vocab_size"] = tokenizer.MaxId + 1;
                if (json["source_encoder"] is JsonObject source)
                {
                    source["vocab_size"] = tokenizer.MaxId + 1;
                }
                json["pad_token_id"] = tokenizer.PadTokenId;
                json["eos_token_id"] = tokenizer.SeparatorTokenId;
            }),
            tokenizer);
    }

    private static (IDataView Rows, ITransformer Model) Train(TaskContract task, string network)
    {
        var ml = new MLContext(1);
        IDataView rows = task.Rows(ml);
        return (rows, task.Trainer(ml, task.Fresh(network), options =>
        {
            (options.Epochs, options.BatchSize, options.LearningRate) = (60, 4, 5e-3);
            (options.WarmupShare, options.Schedule) = (0.1, LearningRateSchedule.Linear);
        }).Fit(rows));
    }

    internal static bool Has(string network, TaskContract task) =>
        ArchitectureRegistry.Of(Read(network)).Heads.Any(head => task.Heads.Contains(head.Kind));

    private static ModelConfig Read(string network, Action<JsonObject>? change = null)
    {
        JsonObject json = JsonNode.Parse(SmallConfigs.Rows[network])!.AsObject();
        change?.Invoke(json);
        return ModelConfig.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()), network);
    }
}
