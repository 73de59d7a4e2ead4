using System.Runtime.InteropServices;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Pretraining;

/// <summary>Hides tokens as BERT does: of those that are to be guessed eight of ten become [MASK], one becomes another token, one stays.</summary>
internal sealed class HiddenTokens
{
    private const double MaskedShare = 0.8;
    private const double ReplacedShare = 0.1;

    private readonly MaskedLanguageModelObjective _options;
    private readonly WordStarts? _words;
    private readonly int _mask;
    private readonly int _tokens;
    private readonly HashSet<int> _never;

    /// <param name="context">Says which id is [MASK], which ids are never chosen, and by which tokens others are replaced.</param>
    /// <param name="options">How many are chosen.</param>
    /// <exception cref="InvalidOperationException">The tokenizer has no [MASK].</exception>
    public HiddenTokens(ObjectiveContext context, MaskedLanguageModelObjective options)
    {
        TextEncoder tokenizer = context.Tokenizer;
        _options = options;
        _mask = tokenizer.MaskTokenId
            ?? throw new InvalidOperationException("The tokenizer has no mask token ('mask_token'), which a masked language model hides tokens behind.");
        _words = options.WholeWords ? WordStarts.Of(tokenizer) : null;
        _tokens = Math.Min(tokenizer.MaxId + 1, context.Config.VocabularySize);
        int?[] special = [tokenizer.ClassTokenId, tokenizer.SeparatorTokenId, tokenizer.PadTokenId, tokenizer.BeginTokenId, tokenizer.EndTokenId];
        _never = [.. special.OfType<int>()];
    }

    /// <summary>All that changes what is hidden.</summary>
    public string Identity => FormattableString.Invariant($"{_options.MaskedShare:R}|{_options.MostPredictions}|{_options.WholeWords}");

    /// <summary>Hides tokens of a sequence.</summary>
    /// <returns>What the network reads, and of each token what it was where it is to be guessed.</returns>
    public (TokenSequence Read, int[] Labels) Hide(TokenSequence sequence, Random random)
    {
        int[] ids = [.. sequence.Ids];
        var labels = new int[ids.Length];
        Array.Fill(labels, (int)LossTerm.Ignored);
        int count = Math.Min(_options.MostPredictions ?? int.MaxValue, Math.Max(1, (int)Math.Round(ids.Length * _options.MaskedShare)));
        foreach ((int start, int end) in Candidates(ids, random))
        {
            if (end - start <= count)
            {
                count -= end - start;
                for (int i = start; i < end; i++)
                {
                    labels[i] = ids[i];
                    ids[i] = Hidden(ids[i], random);
                }
            }
        }
        return (sequence with { Ids = ids }, labels);
    }

    private int Hidden(int id, Random random) => random.NextDouble() switch
    {
        < MaskedShare => _mask,
        < MaskedShare + ReplacedShare => random.Next(_tokens),
        _ => id,
    };

    // Words or tokens, in the order in which they are chosen.
    private List<(int Start, int End)> Candidates(int[] ids, Random random)
    {
        var candidates = new List<(int Start, int End)>(ids.Length);
        for (int i = 0; i < ids.Length; i++)
        {
            if (_never.Contains(ids[i]))
            {
                continue;
            }
            if (_words is not null && !_words[ids[i]] && candidates is [.., var last] && last.End == i)
            {
                candidates[^1] = (last.Start, i + 1);
            }
            else
            {
                candidates.Add((i, i + 1));
            }
        }
        random.Shuffle(CollectionsMarshal.AsSpan(candidates));
        return candidates;
    }
}
