using Microsoft.ML.Tokenizers;
using MLNet.Transformers.Tokenization.PieceModels;

namespace MLNet.Transformers.Tokenization.Adapters;

/// <summary>A tokenizer of Microsoft.ML.Tokenizers as the piece model of a pipeline that does nothing else: it is given whole texts.</summary>
/// <param name="tokenizer">The tokenizer.</param>
/// <param name="vocabulary">Its tokens and ids.</param>
/// <param name="front">How many tokens it puts in front of each text; they are left out, since the template adds them.</param>
/// <param name="back">How many it puts behind.</param>
internal sealed class ForeignPieceModel(Tokenizer tokenizer, Dictionary<string, int> vocabulary, int front, int back) : IPieceModel
{
    private readonly int _maxId = vocabulary.Values.Max();

    public IReadOnlyDictionary<string, int> Vocabulary => vocabulary;

    public void Split(ReadOnlySpan<char> word, List<Piece> pieces)
    {
        IReadOnlyList<EncodedToken> tokens = tokenizer.EncodeToTokens(word, out string? normalized);
        NormalizedAlignment? alignment = normalized is null || word.SequenceEqual(normalized) ? null : new NormalizedAlignment(word, normalized);
        for (int i = front; i < tokens.Count - back; i++)
        {
            (int start, int end) = (tokens[i].Offset.Start.Value, tokens[i].Offset.End.Value);
            (start, end) = alignment?.Original(start, end) ?? (Math.Min(start, word.Length), Math.Min(end, word.Length));
            pieces.Add(tokens[i].Id <= _maxId ? new Piece(tokens[i].Id, start, end - start) : throw new InvalidOperationException(
                $"{tokenizer.GetType().Name} gives '{tokens[i].Value}' the id {tokens[i].Id}, but it was said to have {_maxId + 1} tokens ({nameof(TokenizerAdapterOptions.VocabularySize)})."));
        }
    }
}
