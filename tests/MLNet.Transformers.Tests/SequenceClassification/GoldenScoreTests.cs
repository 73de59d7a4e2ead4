using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Models;
using MLNet.Transformers.Tests.Checkpoints;

namespace MLNet.Transformers.Tests.SequenceClassification;

/// <summary>The reference's scores, met by what comes out of <c>Transform</c>: columns, tokens, segments, padding, network and probabilities in one.</summary>
public class GoldenScoreTests
{
    private sealed record Row(string Text, string Pair, float[] Logits);

    public static TheoryData<string> Folders => [.. Directory.GetDirectories(Shared.Golden()).Where(IsOfSequences).Select(path => Path.GetFileName(path)!)];

    [Fact]
    public void Every_architecture_is_among_them() =>
        Assert.Superset(new HashSet<string> { "bert-seqcls", "bert-seqcls-multilabel", "bert-seqcls-regression", "roberta-seqcls", "bart-seqcls", "t5-v1.0-seqcls", "llama-mha-seqcls", "glm4-seqcls" }, Folders.Select(row => row.Data).ToHashSet());

    [Theory]
    [MemberData(nameof(Folders))]
    public void Scores_are_made_of_the_references_logits(string name)
    {
        using var folder = new TemporaryFolder();
        Row[] rows = [.. Rows(name)];
        Assert.NotEmpty(rows);
        foreach (string file in (string[])["config.json", "model.safetensors"])
        {
            File.Copy(Shared.Golden(name, file), folder.File(file));
        }
        folder.Write("tokenizer.json", TokenizerJson(JsonNode.Parse(File.ReadAllText(folder.File("config.json")))!));
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable(rows);
        bool pairs = rows.Any(row => row.Pair.Length > 0);

        using SequenceClassificationTransformer model = ml.Transformers().ApplySequenceClassification(
            folder.Folder, new() { TextPairColumnName = pairs ? nameof(Row.Pair) : null }).Fit(data);
        IDataView scored = model.Transform(data);
        string problem = ProblemTypes.Of(ModelConfig.FromFile(folder.File("config.json")));
        float[][] scores = problem == ProblemTypes.Regression
            ? [.. scored.GetColumn<float>("Score").Select(score => new[] { score })]
            : [.. scored.GetColumn<float[]>("Score")];

        for (int row = 0; row < rows.Length; row++)
        {
            double sum = rows[row].Logits.Sum(logit => Math.Exp(logit));
            Assert.All(scores[row].Zip(rows[row].Logits), pair => Assert.Equal(
                problem switch
                {
                    ProblemTypes.Regression => pair.Second,
                    ProblemTypes.MultiLabel => 1 / (1 + Math.Exp(-pair.Second)),
                    _ => Math.Exp(pair.Second) / sum,
                },
                pair.First, 2e-5));
        }
        Assert.Equal(name.StartsWith("bert-seqcls", StringComparison.Ordinal), pairs);
    }

    private static bool IsOfSequences(string folder) =>
        Path.GetFileName(folder).Contains("seqcls", StringComparison.Ordinal) && Rows(Path.GetFileName(folder)).Any();

    // A tokenizer in which the word t77 has the id 77, and which adds nothing: a text says which ids it stands for.
    private static string TokenizerJson(JsonNode config)
    {
        int size = (int)(config["vocab_size"] ?? config["padded_vocab_size"])!;
        var vocabulary = new JsonObject(Enumerable.Range(0, size).Select(id => KeyValuePair.Create<string, JsonNode?>($"t{id}", id)));
        static JsonObject Part(string id, int type) => new() { ["Sequence"] = new JsonObject { ["id"] = id, ["type_id"] = type } };
        return new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray(),
            ["pre_tokenizer"] = new JsonObject { ["type"] = "WhitespaceSplit" },
            ["post_processor"] = new JsonObject
            {
                ["type"] = "TemplateProcessing", ["single"] = new JsonArray(Part("A", 0)), ["pair"] = new JsonArray(Part("A", 0), Part("B", 1)),
                ["special_tokens"] = new JsonObject(),
            },
            ["model"] = new JsonObject
            {
                ["type"] = "WordPiece", ["unk_token"] = "t0", ["continuing_subword_prefix"] = "##", ["max_input_chars_per_word"] = 100, ["vocab"] = vocabulary,
            },
        }.ToJsonString();
    }

    // The rows of the cases that a text can say: padding on the right.
    private static IEnumerable<Row> Rows(string name)
    {
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(Shared.Golden(name, "expected.json")));
        foreach (JsonElement item in expected.RootElement.GetProperty("cases").EnumerateArray())
        {
            JsonElement inputs = item.GetProperty("inputs");
            if (inputs.TryGetProperty("attention_mask", out JsonElement given) && given.GetProperty("shape").GetArrayLength() != 2
                || inputs.TryGetProperty("position_ids", out _) || inputs.TryGetProperty("decoder_input_ids", out _)
                || !item.GetProperty("outputs").TryGetProperty("logits", out JsonElement logits))
            {
                continue;
            }
            int[][] ids = Values(inputs, "input_ids")!, segments = Values(inputs, "token_type_ids") ?? [.. ids.Select(row => new int[row.Length])];
            int[][] mask = Values(inputs, "attention_mask") ?? [.. ids.Select(row => row.Select(_ => 1).ToArray())];
            float[][] scores = [.. logits.GetProperty("data").EnumerateArray().Select(value => value.GetSingle()).Chunk(logits.GetProperty("shape")[1].GetInt32())];
            for (int row = 0; row < ids.Length; row++)
            {
                int count = mask[row].Sum();
                int first = segments[row].AsSpan(0, count).IndexOf(1) is var at and >= 0 ? at : count;
                if (mask[row].Take(count).All(seen => seen == 1) && !segments[row].Skip(first).Take(count - first).Contains(0))
                {
                    yield return new Row(Words(ids[row][..first]), Words(ids[row][first..count]), scores[row]);
                }
            }
        }

        static string Words(IEnumerable<int> ids) => string.Join(' ', ids.Select(id => $"t{id}"));

        static int[][]? Values(JsonElement inputs, string key) => inputs.TryGetProperty(key, out JsonElement value)
            ? [.. value.GetProperty("data").EnumerateArray().Select(number => number.GetInt32()).Chunk(value.GetProperty("shape")[1].GetInt32())]
            : null;
    }
}
