using System.Text.Json.Nodes;

namespace MLNet.Transformers.Models.Checkpoints.Gguf;

/// <summary>A tokenizer.json of byte-level BPE: GGUF's model 'gpt2'.</summary>
internal static class ByteLevelJson
{
    public static JsonObject ToJson(GgufMetadata metadata, TokenizerVocabulary vocabulary)
    {
        PreTokenizer splitting = PreTokenizerJson.Find(metadata);
        // A blank in front of the first word is part of the pre-tokenizer in these files, or of none.
        bool prefix = metadata.Bool(TokenizerVocabulary.SpacePrefixKey) ?? false;
        if (prefix)
        {
            throw metadata.InvalidValue(TokenizerVocabulary.SpacePrefixKey, "false in a byte-level tokenizer");
        }
        return new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = vocabulary.ToAddedTokens(PieceType.Control),
            ["normalizer"] = splitting.Normalizer is { } type ? new JsonObject { ["type"] = type } : null,
            ["pre_tokenizer"] = splitting.Make(),
            ["post_processor"] = vocabulary.ToTemplate(),
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = true, ["trim_offsets"] = true, ["use_regex"] = true },
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["dropout"] = null,
                ["unk_token"] = null,
                ["continuing_subword_prefix"] = "",
                ["end_of_word_suffix"] = "",
                ["fuse_unk"] = false,
                ["byte_fallback"] = false,
                ["ignore_merges"] = splitting.IgnoreMerges,
                ["vocab"] = vocabulary.ToVocab(),
                ["merges"] = new JsonArray([.. Merges(metadata)]),
            },
        };
    }

    // Blanks within a token are written as another character, so the one blank stands between the two.
    private static IEnumerable<JsonNode> Merges(GgufMetadata metadata)
    {
        string[] merges = metadata.Texts(TokenizerVocabulary.MergesKey) ?? throw metadata.InvalidValue(TokenizerVocabulary.MergesKey, "a list of pairs");
        return merges.Select(merge => merge.IndexOf(' ', 1) is > 0 and var at && at < merge.Length - 1
            ? new JsonArray(merge[..at], merge[(at + 1)..])
            : throw new CheckpointException($"'{metadata.Path}': '{TokenizerVocabulary.MergesKey}' has '{merge}'; expected two tokens with a blank between."));
    }
}
