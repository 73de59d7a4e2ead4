using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Generation;

/// <summary>From text to text, at once and in pieces.</summary>
public sealed class GeneratedTextTests : IDisposable
{
    private readonly TextGenerator _generator;

    public GeneratedTextTests()
    {
        NativeBackend.EnsureLoaded();
        TextEncoder tokenizer = WordPieceTrainer.Train([.. SampleNetworks.Positive, .. SampleNetworks.Negative], size: 120);
        _generator = Generators.Of(Writers.Llama(tokenizer.MaxId + 1, seed: 3), tokenizer, new GenerationOptions { MaxNewTokens = 10 });
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _generator.Dispose();

    [Fact]
    public async Task Pieces_are_the_text()
    {
        string text = _generator.Generate("great", cancellation: Cancellation);

        string pieces = await Read(_generator.StreamAsync("great", cancellation: Cancellation));

        Assert.NotEmpty(text);
        Assert.Equal(text, pieces);
    }

    [Fact]
    public async Task A_stop_string_is_cut_off()
    {
        string text = _generator.Generate("great", cancellation: Cancellation);
        string stop = text[(text.Length / 2)..((text.Length / 2) + 2)];
        var options = new GenerationOptions { StopStrings = [stop] };
        string expected = text[..text.IndexOf(stop, StringComparison.Ordinal)];

        GeneratedText found = _generator.GenerateBatch(["great"], options, Cancellation)[0][0];

        Assert.Equal((expected, FinishReason.StopString), (found.Text, found.Finish));
        Assert.Equal(expected, await Read(_generator.StreamAsync("great", options, Cancellation)));
    }

    [Fact]
    public void A_batch_is_as_its_texts()
    {
        string[] prompts = ["great", "a dull and boring film", "music"];

        string[] together = [.. _generator.GenerateBatch(prompts, cancellation: Cancellation).Select(texts => texts[0].Text)];

        Assert.Equal(prompts.Select(prompt => _generator.Generate(prompt, cancellation: Cancellation)), together);
    }

    [Fact]
    public void Beams_are_scored_and_ordered()
    {
        IReadOnlyList<GeneratedText> texts = _generator.GenerateBatch(["great"], new GenerationOptions { Beams = 4, ReturnedSequences = 3 }, Cancellation)[0];

        Assert.Equal(3, texts.Count);
        Assert.Equal(texts.OrderByDescending(text => text.Score), texts);
    }

    [Fact]
    public void What_cannot_be_is_refused_by_name()
    {
        Assert.Contains("no text", Assert.Throws<ArgumentException>(() => _generator.GenerateBatch([], cancellation: Cancellation)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => _generator.Generate(null!, cancellation: Cancellation));
        Assert.Throws<ArgumentNullException>(() => _generator.GenerateBatch([null!], cancellation: Cancellation));
        var several = new GenerationOptions { Sample = true, ReturnedSequences = 2 };
        Assert.Contains("ReturnedSequences is 2", Assert.Throws<ArgumentException>(() => _generator.StreamAsync("great", several, Cancellation)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_encoder_cannot_write()
    {
        Checkpoint checkpoint = SampleNetworks.Tiny();

        NotSupportedException error = Assert.Throws<NotSupportedException>(() => Generators.Load(checkpoint));

        Assert.Contains($"'{checkpoint.Config.ModelType}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trained_translator_translates()
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);
        using TextGenerator translator = Generators.Load(Shared.Path("weights", "bart-multi30k-tiny"));
        const string Source = "A man in an orange hat starring at something.";
        const string Expected = "Ein Mann mit einem orangefarbenen Hut starrt etwas an.";

        Assert.Equal(Expected, translator.Generate(Source, cancellation: Cancellation));
        Assert.Equal(Expected, await Read(translator.StreamAsync(Source, cancellation: Cancellation)));
    }

    [Fact]
    public async Task A_source_that_is_too_long_is_refused_by_its_limit_at_every_door()
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);
        using TextGenerator translator = Generators.Load(Shared.Path("weights", "bart-multi30k-tiny"));
        string source = string.Concat(Enumerable.Repeat("A man in an orange hat. ", 60));

        Refused(Assert.Throws<ArgumentException>(() => translator.Generate(source, cancellation: Cancellation)));
        Refused(Assert.Throws<ArgumentException>(() => translator.GenerateBatch(["Short.", source], new GenerationOptions { Beams = 2 }, Cancellation)));
        Refused(await Assert.ThrowsAsync<ArgumentException>(() => Read(translator.StreamAsync(source, cancellation: Cancellation))));

        static void Refused(ArgumentException error) => Assert.Contains("the network has 128", error.Message, StringComparison.Ordinal);
    }

    private static async Task<string> Read(IAsyncEnumerable<string> pieces)
    {
        var text = new System.Text.StringBuilder();
        await foreach (string piece in pieces)
        {
            Assert.NotEmpty(piece);
            text.Append(piece);
        }
        return text.ToString();
    }
}
