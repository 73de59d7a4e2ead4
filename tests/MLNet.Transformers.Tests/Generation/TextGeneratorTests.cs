using System.Text;
using Microsoft.ML;
using MLNet.Transformers.Generation;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Models.Llama;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.SequenceClassification;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Generation;

/// <summary>Writing text as users do it, on a small LLaMA with weights that nobody trained and the tokenizer of a golden folder.</summary>
public sealed class TextGeneratorTests : IDisposable
{
    private static readonly ChatMessage[] _question = [new("user", "What is the capital of France?")];
    private static readonly GenerationOptions _short = new() { MaxNewTokens = 12, Sample = false };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pieces_of_an_answer_make_the_answer()
    {
        using TextGenerator generator = Generators.Load(Checkpoint("llama3-bbpe"));
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
    public void Padding_that_is_no_token_is_the_configs()
    {
        using TextGenerator generator = Generators.Load(Checkpoint("llama3-bbpe"));
        string[] prompts = ["x", "What is the capital of France?"];

        string[] Written(GenerationOptions options) => [.. generator.GenerateBatch(prompts, options, TestContext.Current.CancellationToken).Select(row => row[0].Text)];

        Assert.Equal(Written(_short), Written(_short with { PadId = -1 }));
    }

    [Fact]
    public void What_was_saved_writes_the_same()
    {
        using TextGenerator generator = Generators.Load(Checkpoint("llama3-bbpe"));
        generator.SaveCheckpoint(_folder.File("copy"));
        using TextGenerator copy = Generators.Load(_folder.File("copy"));

        Assert.Equal(Answer(generator), Answer(copy));
        Assert.Equal(
            File.ReadAllText(_folder.File(GenerationConfigFile.FileName)), File.ReadAllText(Path.Combine(_folder.File("copy"), GenerationConfigFile.FileName)));
    }

    [Fact]
    public void A_conversation_needs_a_template()
    {
        using TextGenerator generator = Generators.Load(Checkpoint("gpt2-bbpe"));

        Assert.Contains("chat template", Assert.Throws<InvalidOperationException>(() => Answer(generator)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_that_is_null_is_told_by_its_place()
    {
        using TextGenerator generator = Generators.Load(Checkpoint("llama3-bbpe"));

        Assert.Contains("messages[1]", Assert.Throws<ArgumentNullException>(() => generator.Chat([.. _question, null!], cancellation: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fresh_weights_write_nothing()
    {
        TextEncoder tokenizer = TextEncoder.FromFolder(Shared.Golden(Path.Combine("tokenizers", "gpt2-bbpe")));

        Assert.Throws<InvalidOperationException>(() => Generators.Load(MLNet.Transformers.Checkpoint.FromConfig(Generators.Config(tokenizer), tokenizer)));
    }

    [Fact]
    public void A_trained_network_answers_and_answers_the_same_from_a_copy()
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);
        using TextGenerator generator = Generators.Load(MLNet.Transformers.Checkpoint.FromFile(
            Shared.Path("weights", "SmolLM2-135M-Instruct", "SmolLM2-135M-Instruct.Q4_1.gguf")));
        Assert.Equal("The capital of France is Paris.", Answer(generator));

        generator.SaveCheckpoint(_folder.File("copy"));
        using TextGenerator copy = Generators.Load(_folder.File("copy"));

        Assert.Equal("The capital of France is Paris.", Answer(copy));
    }

    [Fact]
    public async Task An_answer_ends_with_the_turn_whatever_the_checkpoint_calls_its_end()
    {
        TextEncoder tokenizer = TextEncoder.FromFolder(Shared.Golden(Path.Combine("tokenizers", "llama3-bbpe")));
        int end = tokenizer.TokenToId("<|eot_id|>")!.Value;
        using TextGenerator generator = Generators.Load(Checkpoint("llama3-bbpe"));
        GenerationOptions only = _short with { SequenceBias = [([end], 1e6)] };

        Assert.Equal(end, TurnEnd.Of(tokenizer));
        Assert.Equal("", generator.Chat(_question, only, cancellation: TestContext.Current.CancellationToken));
        await foreach (string piece in generator.StreamChatAsync(_question, only, cancellation: TestContext.Current.CancellationToken))
        {
            Assert.Fail($"'{piece}' was written.");
        }
        Assert.Equal(FinishReason.Length, generator.GenerateBatch(["x"], only, TestContext.Current.CancellationToken)[0][0].Finish);
    }

    [Fact]
    public void The_context_hears_what_is_done_and_gives_the_seed()
    {
        string folder = Checkpoint("llama3-bbpe");
        var drawn = new GenerationOptions { MaxNewTokens = 8, Sample = true, EosIds = [] };
        string[] first = Two(new MLContext(5), new TextGeneratorOptions { Precision = Precision.Auto }, out List<string> log);

        Assert.Contains(log, line => line.Contains("Precision.Auto", StringComparison.Ordinal));
        Assert.NotEqual(first[0], first[1]);
        Assert.Equal(first, Two(new MLContext(5), new TextGeneratorOptions { Precision = Precision.Auto }, out _));
        Assert.Equal(first, Two(new MLContext(6), new TextGeneratorOptions { Precision = Precision.Auto, Seed = 5 }, out _));
        Assert.NotEqual(first, Two(new MLContext(6), new TextGeneratorOptions { Precision = Precision.Auto }, out _));

        string[] Two(MLContext ml, TextGeneratorOptions options, out List<string> lines)
        {
            lines = Reviews.Log(ml);
            using TextGenerator generator = ml.Transformers().TextGenerator(folder, options);
            return [Next(), Next()];

            string Next() => generator.Generate("x", drawn, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public void Options_are_taken_over_when_the_generator_is_made()
    {
        var options = new TextGeneratorOptions { Generation = new GenerationOptions { MaxNewTokens = 3, EosIds = [] } };
        using TextGenerator generator = new MLContext(1).Transformers().TextGenerator(Checkpoint("llama3-bbpe"), options);

        options.Generation = new GenerationOptions { MaxNewTokens = 9, EosIds = [] };

        Assert.Equal(3, Tokens(null));
        Assert.Equal(5, Tokens(new GenerationOptions { MaxNewTokens = 5 }));

        int Tokens(GenerationOptions? call) => generator.GenerateBatch(["x"], call, TestContext.Current.CancellationToken)[0][0].Ids.Count;
    }

    [Fact]
    public void Options_are_checked_when_the_generator_is_made()
    {
        string folder = Checkpoint("llama3-bbpe");

        Assert.Equal("TopK", Assert.Throws<ArgumentOutOfRangeException>(() => Made(new() { Generation = new GenerationOptions { TopK = -1 } })).ParamName);
        Assert.Equal("Precision", Assert.Throws<ArgumentOutOfRangeException>(() => Made(new() { Precision = (Precision)9 })).ParamName);

        TextGenerator Made(TextGeneratorOptions options) => new MLContext().Transformers().TextGenerator(folder, options);
    }

    [Fact]
    public void A_GPU_that_is_not_there_is_named()
    {
        string folder = Checkpoint("llama3-bbpe");

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => new MLContext { GpuDeviceId = 99 }.Transformers().TextGenerator(folder));

        Assert.Contains("GpuDeviceId is 99", error.Message, StringComparison.Ordinal);
    }

    private static string Answer(TextGenerator generator) => generator.Chat(_question, _short, cancellation: TestContext.Current.CancellationToken);

    private string Checkpoint(string tokenizerName) => Generators.Write(_folder.Folder, tokenizerName);
}
