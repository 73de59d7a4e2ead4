using System.Text.Json;

namespace MLNet.Transformers.Tokenization.Formats;

/// <summary>An object of pieces and ids: the vocabulary of a tokenizer.json, or all of a vocab.json.</summary>
internal static class VocabularyJson
{
    public static Dictionary<string, int> Read(JsonNode node)
    {
        if (node.Element.ValueKind != JsonValueKind.Object)
        {
            throw node.InvalidValue("an object of pieces and ids");
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
        return vocabulary.Count > 0 ? vocabulary : throw node.InvalidValue("at least one piece");
    }

    /// <summary>The id of the unknown token that a model names.</summary>
    public static int Unknown(Dictionary<string, int> vocabulary, JsonNode token) => vocabulary.TryGetValue(token.Text, out int id)
        ? id
        : throw new TokenizerException($"'{token.File}': the vocabulary has {vocabulary.Count:N0} pieces, but not the unk_token '{token.Text}'.");
}
