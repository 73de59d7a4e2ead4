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
            throw dropout.Wrong("null: merges that are left out at random are not supported");
        }
        Dictionary<string, int> vocabulary = ReadVocabulary(node.Require("vocab"));
        string prefix = node.Get("continuing_subword_prefix")?.Text ?? "";
        return new BpeModel(vocabulary, ReadMerges(node.Require("merges"), vocabulary, prefix.Length), new BpeOptions
        {
            Unknown = node.Get("unk_token") is { } unknown ? IdOf(unknown, vocabulary) : null,
            FuseUnknown = node.Flag("fuse_unk", false),
            ByteFallback = node.Flag("byte_fallback", false),
            ContinuingPrefix = prefix,
            EndSuffix = node.Get("end_of_word_suffix")?.Text ?? "",
            WholeWordsFirst = node.Flag("ignore_merges", false),
        });
    }

    /// <summary>An object of pieces and ids: the vocabulary of a tokenizer.json, or all of a vocab.json.</summary>
    public static Dictionary<string, int> ReadVocabulary(JsonNode node)
    {
        if (node.Element.ValueKind != JsonValueKind.Object)
        {
            throw node.Wrong("an object of pieces and ids");
        }
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        var pieceOf = new Dictionary<int, string>();
        foreach (JsonProperty item in node.Element.EnumerateObject())
        {
            // Nodes, with the names of their places, are made for errors only: vocabularies have a hundred thousand pieces.
            int id = item.Value.ValueKind == JsonValueKind.Number && item.Value.TryGetInt32(out int value) && value >= 0
                ? value
                : new JsonNode(item.Value, node.File, node.Place.Length == 0 ? item.Name : $"{node.Place}.{item.Name}").Id;
            if (!pieceOf.TryAdd(id, item.Name) && pieceOf[id] != item.Name)
            {
                throw new TokenizerException($"'{node.File}': the id {id} stands for both '{pieceOf[id]}' and '{item.Name}'; expected a piece for each id.");
            }
            vocabulary[item.Name] = id;
        }
        return vocabulary.Count > 0 ? vocabulary : throw node.Wrong("at least one piece");
    }

    private static int IdOf(JsonNode token, Dictionary<string, int> vocabulary) => vocabulary.TryGetValue(token.Text, out int id)
        ? id
        : throw new TokenizerException($"'{token.File}': the vocabulary has {vocabulary.Count:N0} pieces, but not the unk_token '{token.Text}'.");

    // "a b" in older files, ["a", "b"] since tokenizers 0.20.
    private static BpeMergeTable ReadMerges(JsonNode node, Dictionary<string, int> vocabulary, int prefixLength)
    {
        if (node.Element.ValueKind != JsonValueKind.Array)
        {
            throw node.Wrong("a list of merges");
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
                throw new JsonNode(item, node.File, $"{node.Place}[{rank}]").Wrong("two pieces");
            }
            rank++;
        }
        return merges.Table;

        TokenizerException Missing(JsonElement item, int rank, string piece) =>
            new($"'{node.File}': '{node.Place}[{rank}]' is {item.GetRawText()}, but the vocabulary has no piece '{piece}'.");
    }

    private static bool IsVersion(JsonElement item) => item.ValueKind == JsonValueKind.String && BpeMerges.IsVersion(item.GetString());
}
