using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Models;
using MLNet.Transformers.Tests.Models;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.SequenceToSequence;

/// <summary>Eight short sentences with their translations, and networks that learn them in a second or two.</summary>
internal static class Translations
{
    public const string Chat =
        "{% for message in messages %}{{ '[CLS] ' + message['role'] + ' ' + message['content'] + ' <turn> ' }}{% endfor %}{% if add_generation_prompt %}{{ 'assistant' }}{% endif %}";

    internal sealed class Row
    {
        public string? Source { get; set; }

        public string? Target { get; set; }
    }

    internal sealed class Written
    {
        public string PredictedText { get; set; } = "";
    }

    public static Row[] Rows { get; } =
    [
        new() { Source = "a dog runs", Target = "ein hund rennt" },
        new() { Source = "a cat sleeps", Target = "eine katze schlaeft" },
        new() { Source = "the dog eats the bread", Target = "der hund frisst das brot" },
        new() { Source = "two girls", Target = "zwei maedchen" },
        new() { Source = "she reads", Target = "sie liest ein buch" },
        new() { Source = "snow", Target = "schnee" },
        new() { Source = "the cat runs", Target = "die katze rennt" },
        new() { Source = "he eats", Target = "er isst brot" },
    ];

    private static readonly string[] _words = ["user system assistant translate be brief : answer", .. Rows.SelectMany(row => new[] { row.Source!, row.Target! })];

    /// <summary>A checkpoint with fresh weights of a row of <see cref="SmallConfigs"/>, without dropout.</summary>
    public static Checkpoint Fresh(string row, string? chatTemplate = null, params (string Key, JsonNode Value)[] changes) => FreshWith(WordTokenizer.Of(_words, row switch
    {
        "chatglm-6b" => "$ [gMASK] <sop>",
        _ => "[CLS] $ [SEP]",
    }, chatTemplate), row, changes);

    /// <summary>The same with another tokenizer, which has the ids of <see cref="WordTokenizer"/>.</summary>
    public static Checkpoint FreshWith(TextEncoder tokenizer, string row, params (string Key, JsonNode Value)[] changes)
    {
        JsonObject json = JsonNode.Parse(SmallConfigs.Rows[row])!.AsObject();
        if (json["decoder"] is JsonObject decoder)
        {
            (decoder["hidden_size"], decoder["intermediate_size"], decoder["num_hidden_layers"]) = (24, 32, 1);
        }
        foreach (JsonObject? part in (JsonObject?[])[json, json["encoder"] as JsonObject, json["decoder"] as JsonObject, json["source_encoder"] as JsonObject])
        {
            Fit(part, tokenizer.MaxId + 1);
        }
        foreach ((string key, JsonNode value) in changes)
        {
            json[key] = value.DeepClone();
        }
        return Checkpoint.FromConfig(ModelConfig.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()), row), tokenizer);

        static void Fit(JsonObject? part, int vocabulary)
        {
            if (part is null)
            {
                return;
            }
            part[part.ContainsKey("padded_vocab_size") ? "padded_vocab_size" : "vocab_size"] = vocabulary;
            part["pad_token_id"] = WordTokenizer.Id("[PAD]");
            part["eos_token_id"] = WordTokenizer.Id("[SEP]");
            part["decoder_start_token_id"] = WordTokenizer.Id("[CLS]");
            part["bos_token_id"] = WordTokenizer.Id("<sop>");
            part["mask_token_id"] = WordTokenizer.Id("[MASK]");
            part["gmask_token_id"] = WordTokenizer.Id("[gMASK]");
            foreach (string key in (string[])["hidden_dropout_prob", "attention_probs_dropout_prob", "dropout", "dropout_rate", "attention_dropout", "activation_dropout",
                "hidden_dropout", "embedding_dropout_prob", "attention_dropout_prob", "output_dropout_prob"])
            {
                part[key] = 0.0;
            }
        }
    }

    public static SequenceToSequenceOptions Options(int epochs = 60, double learningRate = 1e-2) => new()
    {
        Epochs = epochs, BatchSize = 8, LearningRate = learningRate, WarmupShare = 0.1, WeightDecay = 0, MaxTargetTokens = 8, Seed = 1,
    };

    public static IDataView Data(MLContext ml, IEnumerable<Row>? rows = null) => ml.Data.LoadFromEnumerable(rows ?? Rows);

    public static SequenceToSequenceTransformer Train(MLContext ml, Checkpoint? checkpoint = null, SequenceToSequenceOptions? options = null, IEnumerable<Row>? rows = null) =>
        ml.Transformers().SequenceToSequence(checkpoint ?? Fresh("bart"), options ?? Options()).Fit(Data(ml, rows));

    public static string[] Texts(IDataView written) => [.. written.GetColumn<string>("PredictedText")];

    public static string[] Texts(MLContext ml, ITransformer model, params string?[] sources) =>
        Texts(model.Transform(ml.Data.LoadFromEnumerable(sources.Select(source => new Row { Source = source }))));

    public static async Task<string> Streamed(SequenceToSequenceTransformer model, string? source, GenerationOptions? options = null)
    {
        var text = new StringBuilder();
        await foreach (string piece in model.GenerateAsync(source, options, TestContext.Current.CancellationToken))
        {
            text.Append(piece);
        }
        return text.ToString();
    }

    public static List<string> Log(MLContext ml)
    {
        var lines = new List<string>();
        ml.Log += (_, entry) => lines.Add(entry.RawMessage);
        return lines;
    }
}
