using Microsoft.ML.Tokenizers;

namespace MLNet.Transformers.Tokenization.Adapters;

/// <summary>What can be told of a tokenizer of Microsoft.ML.Tokenizers from outside: its vocabulary, its tokens by role, and what it puts around texts.</summary>
internal static class ForeignTokenizer
{
    /// <summary>Tokens and ids. Where the tokenizer does not give its vocabulary, a token is what its id is decoded to, or named by its number where two are the same.</summary>
    /// <exception cref="ArgumentException">The tokenizer does not give its vocabulary, and the options do not say how large it is.</exception>
    public static Dictionary<string, int> Vocabulary(Tokenizer tokenizer, int? size)
    {
        IReadOnlyDictionary<string, int> special = SpecialTokens(tokenizer);
        IReadOnlyDictionary<string, int>? known = tokenizer switch
        {
            BpeTokenizer bpe => bpe.Vocabulary,
            CodeGenTokenizer codeGen => codeGen.Vocabulary,
            EnglishRobertaTokenizer roberta => roberta.Vocabulary,
            SentencePieceTokenizer sentencePiece => sentencePiece.Vocabulary,
            _ => null,
        };
        var vocabulary = new Dictionary<string, int>(known ?? special, StringComparer.Ordinal);
        foreach ((string token, int id) in special)
        {
            vocabulary[token] = id;
        }
        if (known is null)
        {
            int count = size ?? throw new ArgumentException(
                $"{tokenizer.GetType().Name} does not say how many tokens it has; give {nameof(TokenizerAdapterOptions)}.{nameof(TokenizerAdapterOptions.VocabularySize)}.");
            HashSet<int> named = [.. special.Values];
            foreach (int id in Enumerable.Range(0, count).Where(id => !named.Contains(id)))
            {
                string? text = tokenizer.Decode([id]);
                if (string.IsNullOrEmpty(text) || !vocabulary.TryAdd(text, id))
                {
                    vocabulary[$"<|{id}|>"] = id;
                }
            }
        }
        return vocabulary;
    }

    /// <summary>The tokens that are found in texts as a whole.</summary>
    public static IReadOnlyDictionary<string, int> SpecialTokens(Tokenizer tokenizer) => tokenizer switch
    {
        WordPieceTokenizer { SpecialTokens: { } special } => special,
        BpeTokenizer { SpecialTokens: { } special } => special,
        CodeGenTokenizer { SpecialTokens: { } special } => special,
        SentencePieceTokenizer { SpecialTokens: { } special } => special,
        TiktokenTokenizer { SpecialTokens: { } special } => special,
        _ => new Dictionary<string, int>(),
    };

    /// <summary>Ids by role, as far as the tokenizer says them.</summary>
    public static Dictionary<string, int?> Roles(Tokenizer tokenizer) => tokenizer switch
    {
        BertTokenizer bert => new()
        {
            ["pad_token"] = bert.PaddingTokenId, ["unk_token"] = bert.UnknownTokenId, ["cls_token"] = bert.ClassificationTokenId,
            ["sep_token"] = bert.SeparatorTokenId, ["mask_token"] = bert.MaskingTokenId,
        },
        WordPieceTokenizer wordPiece => new() { ["unk_token"] = wordPiece.UnknownTokenId },
        SentencePieceTokenizer pieces => new() { ["bos_token"] = pieces.BeginningOfSentenceId, ["eos_token"] = pieces.EndOfSentenceId, ["unk_token"] = pieces.UnknownId },
        CodeGenTokenizer code => new() { ["bos_token"] = code.BeginningOfSentenceId, ["eos_token"] = code.EndOfSentenceId, ["unk_token"] = code.UnknownTokenId },
        _ => [],
    };

    /// <summary>The ids that the tokenizer itself puts in front of a text and behind it: tokens without a place in the text.</summary>
    public static (int[] Front, int[] Back) Around(Tokenizer tokenizer)
    {
        IReadOnlyList<EncodedToken> tokens = tokenizer.EncodeToTokens("a", out _);
        return (
            [.. tokens.TakeWhile(IsAdded).Select(token => token.Id)],
            [.. tokens.Reverse().TakeWhile(IsAdded).Reverse().Select(token => token.Id).TakeLast(tokens.Any(token => !IsAdded(token)) ? tokens.Count : 0)]);

        static bool IsAdded(EncodedToken token) => token.Offset.Start.Value == token.Offset.End.Value;
    }
}
