using System.Text.Json;
using Microsoft.ML;
using MLNet.Transformers.Tests.Checkpoints;
using static MLNet.Transformers.Tests.SequenceToSequence.Translations;

namespace MLNet.Transformers.Tests.SequenceToSequence;

/// <summary>Networks that were trained by the reference write what they write there.</summary>
public class TrainedNetworkTests
{
    private const int Rows = 64;

    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData("bart-multi30k-tiny", null)]
    [InlineData("t5-multi30k-tiny", "translate English to German: ")]
    public void A_trained_translator_writes_as_the_reference_does(string name, string? prefix)
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);
        using JsonDocument reference = JsonDocument.Parse(File.ReadAllBytes(Shared.Path("weights", name, "reference.json")));
        (string Source, string Text)[] expected =
        [
            .. reference.RootElement.GetProperty("runs").EnumerateArray().First(run => run.GetProperty("name").GetString() == "greedy").GetProperty("outputs").EnumerateArray()
                .Where(output => output.GetProperty("stable").GetBoolean()).Take(Rows)
                .Select(output => (output.GetProperty("source").GetString()![(prefix ?? "").Length..], output.GetProperty("text").GetString()!)),
        ];
        using SequenceToSequenceTransformer model = _ml.Transformers().ApplySequenceToSequence(Shared.Path("weights", name), new() { Prefix = prefix }).Fit(Data(_ml));

        Assert.Equal(expected.Select(row => row.Text), Texts(_ml, model, [.. expected.Select(row => row.Source)]));
    }

    [Fact]
    public async Task A_trained_LLaMA_answers_with_its_chat_template_and_from_a_copy()
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);
        using var folder = new TemporaryFolder();
        const string Question = "What is the capital of France?";
        using (SequenceToSequenceTransformer model = _ml.Transformers().ApplySequenceToSequence(
            Shared.Path("weights", "SmolLM2-135M-Instruct"), new() { UseChatTemplate = true, Generation = new() { Sample = false } }).Fit(Data(_ml)))
        {
            Assert.Equal(["The capital of France is Paris."], Texts(_ml, model, Question));
            Assert.Equal("The capital of France is Paris.", await Streamed(model, Question));
            _ml.Transformers().SaveModel(model, null, folder.File("model.zip"));
        }
        using var loaded = (SequenceToSequenceTransformer)_ml.Model.Load(folder.File("model.zip"), out _);

        Assert.Equal(["The capital of France is Paris."], Texts(_ml, loaded, Question));
    }
}
