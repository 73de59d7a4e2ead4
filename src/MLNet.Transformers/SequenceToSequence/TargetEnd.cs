using MLNet.Transformers.Generation;
using MLNet.Transformers.Models;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.SequenceToSequence;

/// <summary>The token that ends a target, and so what the network writes.</summary>
internal static class TargetEnd
{
    /// <param name="tokenizer">The checkpoint's tokenizer.</param>
    /// <param name="head">The head that the network writes with.</param>
    /// <param name="form">Whether targets are answers in a conversation.</param>
    /// <param name="generation">What options and checkpoint say.</param>
    /// <exception cref="InvalidOperationException">Nothing says which token it is.</exception>
    public static int Of(TextEncoder tokenizer, HeadSpec head, SourceForm form, GenerationOptions generation)
    {
        if (head.Blank is { } blank)
        {
            return tokenizer.TokenToId(blank.End)
                ?? throw new InvalidOperationException($"The tokenizer has no token '{blank.End}', which ends what {head.ClassName} writes into a blank.");
        }
        return (form.UseChatTemplate ? TurnEnd.Of(tokenizer) : null) ?? (head.Kind == HeadKind.SequenceToSequence ? ByTemplate(tokenizer) : null)
            ?? (generation.EosIds is [int first, ..] ? first : null as int?) ?? tokenizer.EndTokenId ?? tokenizer.SeparatorTokenId
            ?? throw new InvalidOperationException(
                $"Neither checkpoint nor tokenizer says which token ends a text. Set {WritingOptions.Name(nameof(generation.EosIds))}.");
    }

    // What the tokenizer puts behind a text.
    private static int? ByTemplate(TextEncoder tokenizer)
    {
        TokenEncoding encoding = tokenizer.Encode("a");
        return encoding.SpecialTokensMask is [.., 1] ? encoding.Ids[^1] : null;
    }
}
