using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Tests.Pretraining;

namespace MLNet.Transformers.Tests.BlankFilling;

/// <summary>What the reference's pipeline "fill-mask" makes of the reference's logits: the softmax over all tokens at each mask, and its best.</summary>
public class GoldenFillingTests
{
    // Texts that become the golden's first row; of BERT's the second half, which is of the other segment, is in the tokenizer's template.
    private const string BertTemplate = "[CLS] $ [SEP] 110:1 78:1 30:1 107:1 [SEP]:1";

    private static readonly (int Id, string Token)[] _bert =
        [(0, "[PAD]"), (1, "[CLS]"), (2, "[SEP]"), (101, "[MASK]"), (110, "110"), (78, "78"), (30, "30"), (107, "107")];

    private static readonly (int Id, string Token)[] _roberta = [(0, "[CLS]"), (1, "[PAD]"), (2, "[SEP]"), (34, "[MASK]")];

    [Theory]
    [InlineData("bert-mlm", "logits", 5)]
    [InlineData("bert-mlm", "logits", 120)]
    [InlineData("bert-pretraining", "prediction_logits", 5)]
    [InlineData("roberta-mlm", "logits", 5)]
    public void Tokens_and_probabilities_of_each_mask_are_the_references(string golden, string name, int topK)
    {
        var ml = new MLContext(1);
        bool roberta = golden.StartsWith("roberta", StringComparison.Ordinal);
        (string text, int[] masks, int tokens) = roberta ? ("68 98 [MASK] 56 76 [MASK] 90 87 56 69", new[] { 3, 6 }, 110) : ("77 49 [MASK] 46 62", [3], 120);
        var checkpoint = Checkpoint.FromFolder(Shared.Golden(golden), roberta ? NumberedTokens.Of(tokens, "[CLS] $ [SEP]", _roberta) : NumberedTokens.Of(tokens, BertTemplate, _bert));
        // A shorter text beside it, so that there is padding.
        IDataView data = ml.Data.LoadFromEnumerable([new { Text = "[MASK] 5" }, new { Text = text }]);

        using MaskedLanguageModelTransformer model = ml.Transformers().ApplyMaskedLanguageModel(checkpoint, new() { TopK = topK }).Fit(data);
        IDataView filled = model.Transform(data);

        string[] fillings = filled.GetColumn<string[]>("Fillings").Last();
        float[] scores = filled.GetColumn<float[]>("Score").Last();
        (int Id, double Probability)[] expected = [.. masks.SelectMany(mask => Best(Logits(golden, name, mask, tokens), topK))];
        Assert.Equal(expected.Length, scores.Length);
        Assert.All(expected.Zip(scores), pair => Assert.Equal(pair.First.Probability, pair.Second, 2e-5));
        Assert.Equal(expected.Select(item => Token(item.Id)), fillings);
        string[] parts = text.Split("[MASK]");
        Assert.Equal(
            string.Concat(parts.SkipLast(1).Select((part, mask) => part + Token(expected[mask * topK].Id))) + parts[^1], filled.GetColumn<string>("PredictedText").Last());

        string Token(int id) => checkpoint.Tokenizer.IdToToken(id)!;
    }

    private static double[] Logits(string golden, string name, int place, int tokens)
    {
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(Shared.Golden(golden, "expected.json")));
        return [.. expected.RootElement.GetProperty("cases")[0].GetProperty("outputs").GetProperty(name).GetProperty("data").EnumerateArray()
            .Skip(place * tokens).Take(tokens).Select(value => value.GetDouble())];
    }

    private static IEnumerable<(int Id, double Probability)> Best(double[] logits, int count)
    {
        double sum = logits.Sum(Math.Exp);
        return logits.Select((logit, id) => (id, Math.Exp(logit) / sum)).OrderByDescending(item => item.Item2).Take(count);
    }
}
