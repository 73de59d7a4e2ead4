using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.Tokenization;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.Pretraining;

/// <summary>
/// BERT's masked language model (Devlin et al. 2019, §3.1; create_pretraining_data.py): some tokens are to be guessed, most of them hidden behind
/// [MASK], some replaced by another token, some left as they are. Drawn anew each time a sequence is seen, as RoBERTa does.
/// </summary>
internal sealed class MaskedLanguageModel : IObjective<TokenSequence>
{
    private const double MaskedShare = 0.8;
    private const double ReplacedShare = 0.1;

    private readonly double _share;
    private readonly int? _most;
    private readonly int _mask;
    private readonly int _tokens;
    private readonly HashSet<int> _never;

    /// <param name="tokenizer">Says which id is [MASK], and which ids are never chosen.</param>
    /// <param name="config">Of the network: a token is replaced by one that both know.</param>
    /// <param name="share">Share of a sequence's tokens, special tokens counted, that are to be guessed; at least one is.</param>
    /// <param name="mostPredictions">Most of them; null: no limit.</param>
    /// <exception cref="InvalidOperationException">The tokenizer has no [MASK].</exception>
    public MaskedLanguageModel(TextEncoder tokenizer, ModelConfig config, double share = 0.15, int? mostPredictions = null)
    {
        (_share, _most) = (share, mostPredictions);
        _mask = tokenizer.MaskTokenId
            ?? throw new InvalidOperationException("The tokenizer has no mask token, which a masked language model hides tokens behind.");
        _tokens = Math.Min(tokenizer.MaxId + 1, config.VocabularySize);
        int?[] special = [tokenizer.ClassTokenId, tokenizer.SeparatorTokenId, tokenizer.PadTokenId, tokenizer.BeginTokenId, tokenizer.EndTokenId];
        _never = [.. special.OfType<int>()];
    }

    public string Identity => FormattableString.Invariant($"masked language model|{_share:R}|{_most}");

    public LabelledBatch Prepare(IReadOnlyList<TokenSequence> features, NetworkInputs inputs, Random random) =>
        Batch([.. features.Select(feature => Hide(feature, random))], inputs);

    /// <summary>A batch of sequences in which tokens were hidden.</summary>
    public static LabelledBatch Batch(IReadOnlyList<(TokenSequence Read, int[] Labels)> hidden, NetworkInputs inputs)
    {
        var batch = inputs.Pad([.. hidden.Select(row => row.Read)]);
        return new LabelledBatch(batch, HeadLoss.Terms(inputs.Network, batch, new HeadLabels(inputs.Labels([.. hidden.Select(row => row.Labels)]))));
    }

    /// <summary>Hides tokens of a sequence: what the network reads, and of each token what it was where it is to be guessed.</summary>
    public (TokenSequence Read, int[] Labels) Hide(TokenSequence sequence, Random random)
    {
        int[] ids = [.. sequence.Ids];
        var labels = new int[ids.Length];
        Array.Fill(labels, (int)LossTerm.Ignored);
        int[] candidates = [.. Enumerable.Range(0, ids.Length).Where(i => !_never.Contains(ids[i]))];
        random.Shuffle(candidates);
        int count = Math.Min(_most ?? int.MaxValue, Math.Max(1, (int)Math.Round(ids.Length * _share)));
        foreach (int i in candidates.Take(count))
        {
            labels[i] = ids[i];
            ids[i] = random.NextDouble() switch
            {
                < MaskedShare => _mask,
                < MaskedShare + ReplacedShare => random.Next(_tokens),
                _ => ids[i],
            };
        }
        return (sequence with { Ids = ids }, labels);
    }
}
