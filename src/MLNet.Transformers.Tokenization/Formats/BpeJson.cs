using System.Text.Json;
using MLNet.Transformers.Tokenization.PieceModels;

namespace MLNet.Transformers.Tokenization.Formats;

/// <summary>The model of the type BPE in a tokenizer.json (tokenizers: models/bpe/serialization.rs).</summary>
internal static class BpeJson
{
    public static BpeModel Read(JsonNode node)
    {
        if (node.Get("dropout") is { } dropout && dropout.Element.ValueKind == JsonValueKind.Number && dropout.Element.GetDouble() != 0)
        {
            throw dropout.InvalidValue("null: merges that are left out at random are not supported");
        }
        Dictionary<string, int> vocabulary = VocabularyJson.Read(node.Require("vocab"));
        string prefix = node.Get("continuing_subword_prefix")?.Text ?? "";
        return new BpeModel(vocabulary, ReadMerges(node.Require("merges"), vocabulary, prefix.Length), new BpeOptions
        {
            Unknown = node.Get("unk_token") is { } unknown ? VocabularyJson.Unknown(vocabulary, unknown) : null,
            FuseUnknown = node.Flag("fuse_unk", false),
            ByteFallback = node.Flag("byte_fallback", false),
            ContinuingPrefix = prefix,
            EndSuffix = node.Get("end_of_word_suffix")?.Text ?? "",
            WholeWordsFirst = node.Flag("ignore_merges", false),
        });
    }

    // "a b" in older files, ["a", "b"] since tokenizers 0.20.
    private static BpeMergeTable ReadMerges(JsonNode node, Dictionary<string, int> vocabulary, int prefixLength)
    {
        if (node.Element.ValueKind != JsonValueKind.Array)
        {
            throw node.InvalidValue("a list of merges");
        }
        var merges = new BpeMerges(vocabulary, node.Element.GetArrayLength(), prefixLength);
        int rank = 0;
        foreach (JsonElement item in node.Element.EnumerateArray())
        {
            (string Left, string Right)? pair = item.ValueKind switch
            {
                JsonValueKind.String => BpeMerges.Pair(item.GetString()!),
                JsonValueKind.Array when item.GetArrayLength() == 2 && item[0].ValueKind == JsonValueKind.String && item[1].ValueKind == JsonValueKind.String =>
                    (item[0].GetString()!, item[1].GetString()!),
                _ => null,
            };
            if (pair is { } merge)
            {
                merges.Add(merge.Left, merge.Right, missing => throw Missing(item, rank, missing));
            }
            else if (!IsVersion(item))
            {
                throw new JsonNode(item, node.File, $"{node.Place}[{rank}]").InvalidValue("two pieces");
            }
            rank++;
        }
        return merges.Table;

        TokenizerException Missing(JsonElement item, int rank, string piece) =>
            new($"'{node.File}': '{node.Place}[{rank}]' is {item.GetRawText()}, but the vocabulary has no piece '{piece}'.");
    }

    private static bool IsVersion(JsonElement item) => item.ValueKind == JsonValueKind.String && BpeMerges.IsVersion(item.GetString());
}
