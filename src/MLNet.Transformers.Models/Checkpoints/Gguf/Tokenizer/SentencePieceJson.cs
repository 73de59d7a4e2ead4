using System.Text.Json.Nodes;

namespace MLNet.Transformers.Models.Checkpoints.Gguf;

/// <summary>
/// A tokenizer.json of SentencePiece's BPE with bytes for what has no piece, in the form that the reference's converter writes for LLaMA
/// (convert_slow_tokenizer.py, LlamaConverter): GGUF's model 'llama'. The merges follow from the pieces' scores.
/// </summary>
internal static class SentencePieceJson
{
    private const string Blank = "▁";

    public static JsonObject ToJson(GgufMetadata metadata, TokenizerVocabulary vocabulary)
    {
        if (metadata.Text(TokenizerVocabulary.PreKey) is { } pre and not "default")
        {
            throw metadata.InvalidValue(TokenizerVocabulary.PreKey, "'default' in a tokenizer of the model 'llama'");
        }
        bool prefix = metadata.Bool(TokenizerVocabulary.SpacePrefixKey) ?? true;
        return new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = vocabulary.ToAddedTokens(PieceType.Unknown, PieceType.Control),
            ["normalizer"] = Sequence("normalizers",
            [
                .. prefix ? [new JsonObject { ["type"] = "Prepend", ["prepend"] = Blank }] : Array.Empty<JsonObject>(),
                Replace(" ", Blank),
            ]),
            ["pre_tokenizer"] = null,
            ["post_processor"] = vocabulary.ToTemplate(),
            ["decoder"] = Sequence("decoders",
            [
                Replace(Blank, " "), new JsonObject { ["type"] = "ByteFallback" }, new JsonObject { ["type"] = "Fuse" },
                .. prefix ? [new JsonObject { ["type"] = "Strip", ["content"] = " ", ["start"] = 1, ["stop"] = 0 }] : Array.Empty<JsonObject>(),
            ]),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["dropout"] = null,
                ["unk_token"] = Unknown(vocabulary),
                ["continuing_subword_prefix"] = null,
                ["end_of_word_suffix"] = null,
                ["fuse_unk"] = true,
                ["byte_fallback"] = true,
                ["ignore_merges"] = false,
                ["vocab"] = vocabulary.ToVocab(),
                ["merges"] = new JsonArray([.. Merges(vocabulary, Scores(metadata, vocabulary)).Select(pair => new JsonArray(pair.Left, pair.Right))]),
            },
        };
    }

    private static string? Unknown(TokenizerVocabulary vocabulary)
    {
        int kind = Array.IndexOf(vocabulary.Kinds, PieceType.Unknown);
        return vocabulary.TokenOf(GgufSpecialTokens.Unknown) ?? (kind < 0 ? null : vocabulary.Tokens[kind]);
    }

    private static float[] Scores(GgufMetadata metadata, TokenizerVocabulary vocabulary)
    {
        float[] scores = metadata.Singles(TokenizerVocabulary.ScoresKey) ?? throw metadata.InvalidValue(TokenizerVocabulary.ScoresKey, "a list of numbers");
        return scores.Length == vocabulary.Tokens.Length && !scores.Any(float.IsNaN)
            ? scores
            : throw metadata.InvalidValue(TokenizerVocabulary.ScoresKey, $"a number for each of {vocabulary.Tokens.Length:N0} tokens");
    }

    // Every way to put a piece together from two pieces is a merge; the best piece's come first, and of one piece those with the longer beginning
    // (reference: convert_slow_tokenizer.py, generate_merges).
    private static IEnumerable<(string Left, string Right)> Merges(TokenizerVocabulary vocabulary, float[] scores)
    {
        var merges = new List<(string Left, string Right, float Score)>();
        for (int id = 0; id < vocabulary.Tokens.Length; id++)
        {
            if (vocabulary.Kinds[id] is not (PieceType.Normal or PieceType.UserDefined))
            {
                continue;
            }
            string piece = vocabulary.Tokens[id];
            foreach (int cut in Cuts(piece))
            {
                (string left, string right) = (piece[..cut], piece[cut..]);
                if (vocabulary.Ids.ContainsKey(left) && vocabulary.Ids.ContainsKey(right))
                {
                    merges.Add((left, right, scores[id]));
                }
            }
        }
        return merges.OrderByDescending(merge => merge.Score).ThenByDescending(merge => Length(merge.Left)).ThenByDescending(merge => Length(merge.Right))
            .Select(merge => (merge.Left, merge.Right));
    }

    // Between characters, not within the two halves of one.
    private static IEnumerable<int> Cuts(string piece) =>
        Enumerable.Range(1, Math.Max(0, piece.Length - 1)).Where(cut => !char.IsLowSurrogate(piece[cut]));

    private static int Length(string text) => text.EnumerateRunes().Count();

    private static JsonObject Replace(string pattern, string content) => new()
    {
        ["type"] = "Replace",
        ["pattern"] = new JsonObject { ["String"] = pattern },
        ["content"] = content,
    };

    private static JsonObject Sequence(string key, JsonNode[] parts) => new() { ["type"] = "Sequence", [key] = new JsonArray(parts) };
}
