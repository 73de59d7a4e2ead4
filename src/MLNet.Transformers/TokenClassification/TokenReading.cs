using System.Numerics.Tensors;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Tokenization;
using static TorchSharp.torch;

namespace MLNet.Transformers.TokenClassification;

/// <summary>From the scores of tokens to tags and entities. Of the tokens that two windows have in common each speaks once.</summary>
/// <param name="labels">The tags.</param>
/// <param name="aggregation">How entities are made of tokens.</param>
internal sealed class TokenReading(IReadOnlyList<string> labels, EntityAggregation aggregation)
{
    // The tag of words without tokens; where there is no outside tag, none of the tags.
    private readonly int _outside = labels.ToList().IndexOf(TagName.Outside);

    // Entities of words hold all of them, also what the tokenizer leaves out, as the accents of decomposed letters.
    private readonly bool _ofWords = aggregation is not (EntityAggregation.None or EntityAggregation.Simple);
    private readonly EntityAggregator _aggregator = new(labels, aggregation);

    public ScoreReading<TokenWindow, float[][], TokenAnswer> Reading => new(Read, (windows, parts) => Merge(windows[0].Row.Alignment, [.. parts.SelectMany(part => part)]));

    // Probabilities of those tokens of each window that speak, (tokens, labels).
    private static float[][][] Read(HeadOutput output, IReadOnlyList<TokenWindow> windows)
    {
        (int tokens, int classes) = ((int)output.Logits.shape[1], (int)output.Logits.shape[2]);
        float[] values = output.Logits.to(ScalarType.Float32).softmax(-1).cpu().data<float>().ToArray();
        return [.. windows.Select((window, i) =>
        {
            (int first, int count) = window.Spoken.GetOffsetAndLength(tokens);
            return values.AsSpan((i * tokens + first) * classes, count * classes).ToArray().Chunk(classes).ToArray();
        })];
    }

    private TokenAnswer Merge(TokenAlignment alignment, float[][] probabilities)
    {
        TextSpan[] words = alignment.Text.Words;
        var tags = new int[words.Length];
        var scores = new float[words.Length];
        for (int word = 0; word < words.Length; word++)
        {
            int token = alignment.FirstToken[word];
            tags[word] = token < 0 ? _outside : TensorPrimitives.IndexOfMax<float>(probabilities[token]);
            scores[word] = token < 0 ? 1 : probabilities[token][tags[word]];
        }
        return new TokenAnswer(tags, scores, words, Entities(alignment, probabilities));
    }

    private List<Entity> Entities(TokenAlignment alignment, float[][] probabilities)
    {
        var tokens = new List<ScoredToken>();
        int before = -1;
        for (int i = 0; i < probabilities.Length; i++)
        {
            int word = alignment.WordOf[i];
            if (word >= 0)
            {
                TextSpan place = Trim(alignment.Text.Text, alignment.Places[i]);
                tokens.Add(new ScoredToken(_ofWords ? Joined(place, alignment.Text.Words[word]) : place, probabilities[i], ContinuesWord: word == before));
                before = word;
            }
        }
        return [.. _aggregator.Entities(tokens).Select(found =>
            new Entity(alignment.Text.Text[found.Place.Start..found.Place.End], found.Type, found.Place.Start, found.Place.End - found.Place.Start, found.Score))];
    }

    private static TextSpan Joined(TextSpan first, TextSpan second) => new(Math.Min(first.Start, second.Start), Math.Max(first.End, second.End));

    // Some tokenizers count the blank before a word to its first token.
    private static TextSpan Trim(string text, TextSpan place)
    {
        (int start, int end) = (place.Start, place.End);
        while (start < end && char.IsWhiteSpace(text[start]))
        {
            start++;
        }
        while (end > start && char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }
        return new TextSpan(start, end);
    }
}
