using System.Text;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Models.Llama;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Generation;

/// <summary>The door for those who want text, on a small LLaMA with weights that nobody trained and the tokenizer of a golden folder.</summary>
public sealed class TextGeneratorTests : IDisposable
{
    private static readonly ChatMessage[] _question = [new("user", "What is the capital of France?")];
    private static readonly GenerationOptions _short = new() { MaxNewTokens = 12, Sample = false };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pieces_of_an_answer_make_the_answer()
    {
        using TextGenerator generator = TextGenerator.FromCheckpoint(Checkpoint("llama3-bbpe"));
        string answer = Answer(generator);

        var pieces = new StringBuilder();
        await foreach (string piece in generator.StreamChatAsync(_question, _short, cancellation: TestContext.Current.CancellationToken))
        {
            pieces.Append(piece);
        }

        Assert.NotEmpty(answer);
        Assert.Equal(answer, pieces.ToString());
        Assert.NotEqual(answer, generator.Generate("What is the capital of France?", _short, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void What_was_saved_writes_the_same()
    {
        using TextGenerator generator = TextGenerator.FromCheckpoint(Checkpoint("llama3-bbpe"));
        generator.SaveCheckpoint(_folder.File("copy"));
        using TextGenerator copy = TextGenerator.FromCheckpoint(_folder.File("copy"));

        Assert.Equal(Answer(generator), Answer(copy));
        Assert.Equal(
            File.ReadAllText(_folder.File(GenerationConfigFile.FileName)), File.ReadAllText(Path.Combine(_folder.File("copy"), GenerationConfigFile.FileName)));
    }

    [Fact]
    public void A_conversation_needs_a_template()
    {
        using TextGenerator generator = TextGenerator.FromCheckpoint(Checkpoint("gpt2-bbpe"));

        Assert.Contains("chat template", Assert.Throws<InvalidOperationException>(() => Answer(generator)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fresh_weights_write_nothing()
    {
        TextEncoder tokenizer = TextEncoder.FromFolder(Shared.Golden(Path.Combine("tokenizers", "gpt2-bbpe")));

        Assert.Throws<InvalidOperationException>(() => TextGenerator.FromCheckpoint(MLNet.Transformers.Checkpoint.FromConfig(Config(tokenizer), tokenizer)));
    }

    [Fact]
    public void A_trained_network_answers_and_answers_the_same_from_a_copy()
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);
        using TextGenerator generator = TextGenerator.FromCheckpoint(MLNet.Transformers.Checkpoint.FromFile(
            Shared.Path("weights", "SmolLM2-135M-Instruct", "SmolLM2-135M-Instruct.Q4_1.gguf")));
        Assert.Equal("The capital of France is Paris.", Answer(generator));

        generator.SaveCheckpoint(_folder.File("copy"));
        using TextGenerator copy = TextGenerator.FromCheckpoint(_folder.File("copy"));

        Assert.Equal("The capital of France is Paris.", Answer(copy));
    }

    private static string Answer(TextGenerator generator) => generator.Chat(_question, _short, cancellation: TestContext.Current.CancellationToken);

    private string Checkpoint(string tokenizerName)
    {
        TextEncoder tokenizer = TextEncoder.FromFolder(Shared.Golden(Path.Combine("tokenizers", tokenizerName)));
        using TaskModel model = TaskModel.Create(Config(tokenizer), HeadKind.CausalLanguageModel, Placement.Cpu);
        foreach ((string name, var parameter) in model.NamedParameters)
        {
            WeightInitializer.Initialize(name, parameter, new FreshWeights(0.3), seed: 4);
        }
        CheckpointWriter.Write(_folder.Folder, model, tokenizer, """{"eos_token_id": 2}"""u8.ToArray());
        return _folder.Folder;
    }

    private static LlamaConfig Config(TextEncoder tokenizer) => new()
    {
        VocabularySize = tokenizer.MaxId + 1, HiddenSize = 16, Layers = 2, Heads = 2, IntermediateSize = 24, MaxPositions = 256,
    };
}
