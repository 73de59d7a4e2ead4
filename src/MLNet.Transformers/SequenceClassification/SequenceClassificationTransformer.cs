using System.Text;
using System.Text.Json;
using MLNet.Transformers.Models.Checkpoints.Safetensors;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.SequenceClassification;
using MLNet.Transformers.Tokenization;
using static TorchSharp.torch;

namespace MLNet.Transformers;

/// <summary>
/// Classifies texts or pairs of texts: adds the most probable class as a key and the probabilities of all classes. Made by
/// <see cref="SequenceClassificationTrainer"/> or <see cref="TransformersCatalog.ApplySequenceClassification"/>.
/// </summary>
/// <remarks>
/// The weights are shared with all prediction engines and cursors that are made of the transformer, and freed when the last holder is gone. An
/// engine disposes its transformer unless it was made with <see cref="PredictionEngineOptions.OwnsTransformer"/> false; of several engines the
/// others go on working.
/// </remarks>
public sealed class SequenceClassificationTransformer : RowTransformer, ILoadable
{
    private const int WindowBatches = 16;
    private const string SettingsEntry = "settings.json";
    private const string KeysEntry = "keys.bin";

    private readonly SequenceClassificationSettings _settings;
    private readonly SharedNetwork.Lease _network;
    private readonly TextEncoder _tokenizer;
    private readonly KeyValues? _keys;

    internal SequenceClassificationTransformer(
        IHost host, SequenceClassificationSettings settings, TaskModel model, TextEncoder tokenizer, KeyValues? keys)
        : base(host, settings.BatchSize * WindowBatches)
    {
        (_settings, _tokenizer, _keys) = (settings, tokenizer, keys);
        Labels = model.Config.Labels;
        model.eval();
        _network = new SharedNetwork(model).Hold(nameof(SequenceClassificationTransformer));
    }

    /// <summary>The classes, in the order of the keys and of the scores.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Writes a checkpoint folder that the reference implementation reads: config.json with the classes, model.safetensors (shards of 5 GB and an index where it would be longer), the tokenizer's files.</summary>
    /// <param name="folder">The folder; made where it is missing. Files of the same names are replaced, each in one step.</param>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public void SaveCheckpoint(string folder) => CheckpointWriter.Write(folder, _network.Model, _tokenizer);

    static RowTransformer ILoadable.Load(IHostEnvironment env, ModelReader reader)
    {
        IHost host = env.Register(nameof(SequenceClassificationTransformer));
        var settings = Parse<SequenceClassificationSettings>(SettingsEntry);
        ModelConfig config = ModelConfig.Parse(Bytes(CheckpointFolder.ConfigFile), CheckpointFolder.ConfigFile);
        var files = Enumerable.Range(0, reader.Values.ReadInt32()).Select(_ => reader.Values.ReadString()).ToArray()
            .ToDictionary(name => name, name => Bytes(TokenizerEntry(name)));
        KeyValues? keys = reader.Values.ReadBoolean() ? null : KeyValues.Load(env, new MemoryStream(Bytes(KeysEntry)));
        TaskModel model = TaskModel.Create(config, HeadKind.SequenceClassification, Placement.Cpu);
        try
        {
            reader.ReadStream(CheckpointFolder.WeightsFile, stream => SafetensorsStream.Read(
                stream, CheckpointFolder.WeightsFile, model.StoredTensors().ToDictionary(item => item.Name, item => item.Tensor)));
            NetworkPlacement.Place(model, settings.Precision, host);
            return new SequenceClassificationTransformer(host, settings, model, TextEncoder.FromFiles(files), keys);
        }
        catch
        {
            model.Dispose();
            throw;
        }

        byte[] Bytes(string entry)
        {
            using var buffer = new MemoryStream();
            reader.ReadStream(entry, stream => stream.CopyTo(buffer));
            return buffer.ToArray();
        }

        T Parse<T>(string entry) => JsonSerializer.Deserialize<T>(Bytes(entry)) ?? throw reader.Damaged($"The entry '{entry}' of the model file is empty.");
    }

    internal override void Save(ModelWriter writer)
    {
        TaskModel model = _network.Model;
        writer.Values.Write(_tokenizer.Files.Count);
        foreach (string name in _tokenizer.Files.Keys)
        {
            writer.Values.Write(name);
        }
        writer.Values.Write(_keys is null);
        writer.WriteStream(SettingsEntry, stream => JsonSerializer.Serialize(stream, _settings));
        writer.WriteStream(CheckpointFolder.ConfigFile, stream => stream.Write(Encoding.UTF8.GetBytes(model.Config.ToJson(model.ClassName))));
        foreach ((string name, byte[] content) in _tokenizer.Files)
        {
            writer.WriteStream(TokenizerEntry(name), stream => stream.Write(content));
        }
        if (_keys is not null)
        {
            writer.WriteStream(KeysEntry, stream => _keys.Save(Host, stream));
        }
        writer.WriteStream(CheckpointFolder.WeightsFile, stream => SafetensorsWriter.Write(stream, model.StoredTensors()));
    }

    internal override ColumnBinding Bind(DataViewSchema input) => new(
        input, _settings.Columns.Find(input, Host),
        MulticlassColumns.Create(input, _settings.PredictedLabelColumnName, _settings.ScoreColumnName, Labels.Count, _keys));

    internal override RowBatch CreateBatch(ColumnBinding binding, int capacity)
    {
        string holder = capacity == 1 ? $"prediction engine of a {nameof(SequenceClassificationTransformer)}" : $"cursor of a {nameof(SequenceClassificationTransformer)}";
        return new SequenceClassificationBatch(Host, _network.Share(holder), _tokenizer, _settings, binding, capacity);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _network.Dispose();
        }
    }

    private static string TokenizerEntry(string name) => $"tokenizer-{name}";
}
