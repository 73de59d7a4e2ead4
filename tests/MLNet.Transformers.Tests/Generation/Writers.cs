using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Generation;

/// <summary>Small networks that write, and prompts for them.</summary>
internal static class Writers
{
    /// <summary>Every row of the table of small configs with every head that can write.</summary>
    public static IEnumerable<(string Row, HeadKind Head)> All => Networks.All.Where(item =>
        item.Head is HeadKind.CausalLanguageModel or HeadKind.SequenceToSequence && HasDecoder(item.Row, item.Head));

    /// <summary>A LLaMA of a vocabulary so small that all texts of a length can be counted.</summary>
    public static TaskModel Llama(int vocabulary, int seed = 7) => Networks.Create(
        Networks.Config("llama", ("vocab_size", vocabulary), ("pad_token_id", 0), ("bos_token_id", 1), ("eos_token_id", 2), ("initializer_range", 0.5)),
        HeadKind.CausalLanguageModel, seed);

    public static GenerationSettings Settings(TaskModel model, GenerationOptions options) => new(options, new GenerationOptions(), model.Config);

    /// <summary>The sequences of every prompt.</summary>
    public static IReadOnlyList<IReadOnlyList<GeneratedSequence>> Sequences(
        TaskModel model, TokenBatch prompts, GenerationOptions options, CancellationToken? cancellation = null) =>
        new TokenGenerator(model).Generate(prompts, Settings(model, options), (cancellation ?? TestContext.Current.CancellationToken).ThrowIfCancellationRequested);

    /// <summary>As <see cref="Sequences"/>, with tokens that are letters.</summary>
    public static IReadOnlyList<IReadOnlyList<GeneratedSequence>> Spelled(TaskModel model, TokenBatch prompts, GenerationOptions options) =>
        new TokenGenerator(model, () => new SpelledText(Letter)).Generate(prompts, Settings(model, options), TestContext.Current.CancellationToken.ThrowIfCancellationRequested);

    public static IAsyncEnumerable<GeneratedToken> Stream(
        TaskModel model, Func<TokenBatch> prompts, GenerationOptions options, CancellationToken? cancellation = null) =>
        new TokenGenerator(model).StreamAsync(prompts, Settings(model, options), (cancellation ?? TestContext.Current.CancellationToken).ThrowIfCancellationRequested);

    /// <summary>New ids of every sequence.</summary>
    public static int[][] Write(TaskModel model, TokenBatch prompts, GenerationOptions options)
    {
        using var scope = NewDisposeScope();
        return [.. Sequences(model, prompts, options).SelectMany(texts => texts).Select(text => text.Ids.ToArray())];
    }

    public static TokenBatch Prompt(params int[][] rows) => TokenBatch.Pad(rows, null, 0);

    /// <summary>Tokens 0, 1, 2, … as letters a, b, c, …</summary>
    public static string Letters(IReadOnlyList<int> ids) => string.Concat(ids.Select(Letter));

    private static string Letter(int id) => ((char)('a' + id)).ToString();

    private static bool HasDecoder(string row, HeadKind head)
    {
        using TaskModel model = TaskModel.Create(Networks.Config(row), head, Placement.Meta);
        return model.Backbone.CachedLayers > 0;
    }
}

/// <summary>The text of tokens that each say something by themselves.</summary>
internal sealed class SpelledText(Func<int, string> text) : ITextDecoder
{
    public string Add(int id) => text(id);

    public string Finish() => "";

    public ITextDecoder Copy() => new SpelledText(text);
}
