using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Tokenization;
using static TorchSharp.torch;

namespace MLNet.Transformers.Generation;

/// <summary>What networks write as text: all of it, or piece by piece.</summary>
internal static class Writing
{
    /// <summary>Writes behind prompts.</summary>
    /// <param name="network">The network, in eval mode.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="prompts">Makes the prompts.</param>
    /// <param name="settings">How to write.</param>
    /// <param name="checkAlive">Called between tokens; throws where nobody wants the texts any more.</param>
    public static IReadOnlyList<IReadOnlyList<GeneratedText>> Texts(
        TaskModel network, TextEncoder tokenizer, Func<TokenBatch> prompts, GenerationSettings settings, Action checkAlive)
    {
        using var scope = NewDisposeScope();
        return [.. Generator(network, tokenizer).Generate(prompts(), settings, checkAlive)
            .Select(texts => texts.Select(written => new GeneratedText(written.Text, written.Ids, written.Finish, written.Score)).ToArray())];
    }

    /// <summary>Writes behind one prompt, and gives the pieces of the text as they are there.</summary>
    public static async IAsyncEnumerable<string> Pieces(
        TaskModel network, TextEncoder tokenizer, Func<TokenBatch> prompt, GenerationSettings settings, Action checkAlive)
    {
        await foreach (GeneratedToken token in Generator(network, tokenizer).StreamAsync(prompt, settings, checkAlive).ConfigureAwait(false))
        {
            if (token.Text.Length > 0)
            {
                yield return token.Text;
            }
        }
    }

    private static TokenGenerator Generator(TaskModel network, TextEncoder tokenizer) => new(network, () => new TokenizerText(tokenizer.StartDecoding()));
}
