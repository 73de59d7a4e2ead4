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

    public static TokenGenerator Generator(TaskModel model, Func<IReadOnlyList<int>, string>? decode = null) => new(model, new GenerationOptions(), decode);

    /// <summary>The sequences of every prompt.</summary>
    public static IReadOnlyList<IReadOnlyList<GeneratedSequence>> Sequences(
        TaskModel model, TokenBatch prompts, GenerationOptions options, CancellationToken? cancellation = null) =>
        Generator(model).Generate(prompts, options, cancellation ?? TestContext.Current.CancellationToken);

    /// <summary>As <see cref="Sequences"/>, with tokens that are letters.</summary>
    public static IReadOnlyList<IReadOnlyList<GeneratedSequence>> Spelled(TaskModel model, TokenBatch prompts, GenerationOptions options) =>
        Generator(model, Letters).Generate(prompts, options, TestContext.Current.CancellationToken);

    public static IAsyncEnumerable<GeneratedToken> Stream(
        TaskModel model, Func<TokenBatch> prompts, GenerationOptions options, CancellationToken? cancellation = null) =>
        Generator(model).StreamAsync(prompts, options, cancellation ?? TestContext.Current.CancellationToken);

    /// <summary>New ids of every sequence.</summary>
    public static int[][] Write(TaskModel model, TokenBatch prompts, GenerationOptions options)
    {
        using var scope = NewDisposeScope();
        return [.. Sequences(model, prompts, options).SelectMany(texts => texts).Select(text => text.Ids.ToArray())];
    }

    public static TokenBatch Prompt(params int[][] rows) => TokenBatch.Pad(rows, null, 0);

    /// <summary>Tokens 0, 1, 2, … as letters a, b, c, …</summary>
    public static string Letters(IReadOnlyList<int> ids) => string.Concat(ids.Select(id => (char)('a' + id)));

    private static bool HasDecoder(string row, HeadKind head)
    {
        using TaskModel model = TaskModel.Create(Networks.Config(row), head, Placement.Meta);
        return model.Backbone.CachedLayers > 0;
    }
}
