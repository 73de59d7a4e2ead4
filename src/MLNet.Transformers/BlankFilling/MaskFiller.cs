using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.SequenceClassification;
using MLNet.Transformers.Tokenization;
using static TorchSharp.torch;

namespace MLNet.Transformers.BlankFilling;

/// <summary>
/// The most probable tokens of each mask, by the softmax over all tokens, each mask by itself (BERT §3.1; reference: pipelines/fill_mask.py).
/// </summary>
internal sealed class MaskFiller : IBlankFiller
{
    private readonly TextEncoder _tokenizer;
    private readonly BlankStretches _stretches;
    private readonly int _topK;
    private readonly int _mask;

    public MaskFiller(TextEncoder tokenizer, ModelConfig config, MaskedLanguageModelSettings settings)
    {
        (_tokenizer, _topK, Marks) = (tokenizer, settings.TopK, IBlankFiller.MaskOf(tokenizer));
        _mask = tokenizer.MaskTokenId!.Value;
        _stretches = new BlankStretches(tokenizer, config, Marks, settings.MaxTokens);
    }

    public BlankMarks Marks { get; }

    public Filling[][] Fill(TaskModel network, IReadOnlyList<TextWithBlanks> texts, BatchLimits limits, Action checkAlive) => _stretches.Fill(texts, stretches =>
    {
        var filled = new Filling[stretches.Count][];
        var inputs = new NetworkInputs(network);
        RowScorer.Run([.. stretches.Select(stretch => stretch.Tokens)], limits, checkAlive, numbers =>
        {
            (int[][] ids, float[][] scores) = Best([.. numbers.Select(number => stretches[number].Tokens)], inputs);
            int next = 0;
            foreach (int number in numbers)
            {
                int blanks = stretches[number].Blanks;
                filled[number] = Fillings(stretches[number], ids[next..(next + blanks)], scores[next..(next + blanks)]);
                next += blanks;
            }
        });
        return filled;
    });

    /// <summary>How a token stands in the place of a blank.</summary>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="before">The token before it; null: there is none.</param>
    /// <param name="id">The token.</param>
    /// <returns>Its text, and whether it follows what is before it without the white space that is written there.</returns>
    public static (string Text, bool Joins) InPlace(TextEncoder tokenizer, int? before, int id)
    {
        string alone = tokenizer.Decode([id], skipSpecialTokens: false);
        string first = before is null ? "" : tokenizer.Decode([before.Value], skipSpecialTokens: false);
        string both = before is null ? alone : tokenizer.Decode([before.Value, id], skipSpecialTokens: false);
        string joined = both.StartsWith(first, StringComparison.Ordinal) ? both[first.Length..] : alone;
        // Tokens with their own white space, as RoBERTa's; then words, which decoding separates; then what goes on with a word, as BERT's ##ing.
        return alone is [var own, ..] && char.IsWhiteSpace(own) ? (alone, true)
            : joined is [var between, ..] && char.IsWhiteSpace(between) ? (alone, false)
            : (joined, true);
    }

    // The best tokens of each mask of a batch, in the order of rows and places.
    private (int[][] Ids, float[][] Scores) Best(TokenSequence[] rows, NetworkInputs inputs)
    {
        TokenBatch batch = inputs.Pad(rows);
        long[] masks = [.. rows.SelectMany((row, number) => Places(row).Select(place => number * batch.Length + place))];
        BackboneOutput states = inputs.Network.Backbone.forward(batch);
        // The head scores masks alone: scores of all tokens would be as many as the vocabulary has, each.
        Tensor vectors = states.Tokens.flatten(0, 1).index_select(0, tensor(masks, device: states.Tokens.device)).unsqueeze(0);
        Tensor logits = inputs.Network.Score(states with { Tokens = vectors }).Logits.squeeze(0);
        (Tensor probabilities, Tensor ids) = logits.to(ScalarType.Float32).softmax(-1).topk(_topK);
        return ([.. ids.cpu().data<long>().ToArray().Select(id => (int)id).Chunk(_topK)], SequenceAnswer.Rows(probabilities));
    }

    private IEnumerable<int> Places(TokenSequence row) => Enumerable.Range(0, row.Ids.Length).Where(place => row.Ids[place] == _mask);

    private Filling[] Fillings(BlankStretch stretch, int[][] ids, float[][] scores)
    {
        // What stands before a mask may have been a mask itself.
        int[] read = [.. stretch.Tokens.Ids];
        return
        [
            .. Places(stretch.Tokens).Select((place, blank) =>
            {
                read[place] = ids[blank][0];
                (string text, bool joins) = InPlace(_tokenizer, place == 0 ? null : read[place - 1], read[place]);
                string[] texts = Array.ConvertAll(ids[blank], id => _tokenizer.Decode([id], skipSpecialTokens: false));
                return new Filling(texts, scores[blank], text) { Joins = joins, IsCut = stretch.IsCut };
            }),
        ];
    }
}
