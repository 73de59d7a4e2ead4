using Microsoft.ML;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Llama;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Vectors;

/// <summary>Text generators whose weights are packed while they are loaded, through the public door.</summary>
public sealed class PackedGeneratorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Precision.Int8)]
    [InlineData(Precision.Int4)]
    public void One_prompt_and_the_same_in_a_batch_are_answered_alike(Precision precision)
    {
        string folder = Write();
        using TextGenerator generator = new MLContext(1).Transformers().TextGenerator(folder, new() { Precision = precision });
        var options = new GenerationOptions { MaxNewTokens = 12, EosIds = [] };

        string alone = generator.Generate("a cat", options, TestContext.Current.CancellationToken);
        string[] batch = [.. generator.GenerateBatch(["a cat", "a cat"], options, TestContext.Current.CancellationToken).Select(texts => texts[0].Text)];

        Assert.Equal([alone, alone], batch);
        Assert.Equal(alone, generator.Generate("a cat", options, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Others_refuse_packed_weights_by_name()
    {
        string folder = Write();
        var ml = new MLContext(1);

        Assert.Contains("Int8", Assert.Throws<ArgumentOutOfRangeException>(() => ml.Transformers().LoadNetwork(folder, Precision.Int8)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "text generators alone",
            Assert.Throws<ArgumentOutOfRangeException>(() => ml.Transformers().TextEmbedding(folder, new() { Precision = Precision.Int4 })).Message, StringComparison.Ordinal);
    }

    // Columns are whole blocks.
    private string Write()
    {
        TextEncoder tokenizer = TextEncoder.FromFolder(Shared.Golden(Path.Combine("tokenizers", "llama3-bbpe")));
        var config = new LlamaConfig
        {
            VocabularySize = tokenizer.MaxId + 1, HiddenSize = 64, Layers = 2, Heads = 4, KeyValueHeads = 2, IntermediateSize = 96, MaxPositions = 128,
        };
        using TaskModel model = TaskModel.Create(config, HeadKind.CausalLanguageModel, Placement.Cpu);
        foreach ((string name, var parameter) in model.NamedParameters)
        {
            WeightInitializer.Initialize(name, parameter, new FreshWeights(0.3), seed: 4);
        }
        CheckpointWriter.Write(_folder.Folder, model, tokenizer, """{"eos_token_id": 2}"""u8.ToArray());
        return _folder.Folder;
    }
}
