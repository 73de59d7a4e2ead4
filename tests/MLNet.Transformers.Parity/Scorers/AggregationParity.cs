using System.Text.Json;
using MLNet.Transformers.TokenClassification;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Parity.Scorers;

/// <summary>Checks entities that are made of the scores of tokens against the reference's TokenClassificationPipeline, for each of its strategies.</summary>
internal sealed class AggregationParity(Report report)
{
    private static readonly HashSet<string> _fields = ["versions", "labels", "note", "cases"];
    private static readonly HashSet<string> _caseFields = ["text", "tokens", "offsets", "special", "word_ids", "scores", "entities"];
    private static readonly HashSet<string> _entityFields = ["group", "word", "start", "end", "score"];

    public void Run(JsonElement root)
    {
        report.RefuseUnknown(root, "file", _fields);
        string[] labels = root.GetProperty("labels").Texts();
        foreach ((int i, JsonElement item) in root.Items("cases").Index())
        {
            string name = $"case {i + 1}";
            report.RefuseUnknown(item, name, _caseFields);
            report.Guard(name, () => Check(name, item, labels));
        }
    }

    private void Check(string name, JsonElement item, string[] labels)
    {
        ScoredToken[] tokens = [.. Tokens(item)];
        foreach (JsonProperty strategy in item.GetProperty("entities").EnumerateObject())
        {
            string check = $"{name} {strategy.Name}";
            FoundEntity[] found = [.. new EntityAggregator(labels, Enum.Parse<EntityAggregation>(strategy.Name, ignoreCase: true)).Entities(tokens)];
            JsonElement[] expected = [.. strategy.Value.EnumerateArray()];
            report.SequenceEqual(
                $"{check}: type, start and end", found.Select(entity => (entity.Type, entity.Place.Start, entity.Place.End)),
                expected.Select(entity => (entity.Text("group")!, entity.GetProperty("start").GetInt32(), entity.GetProperty("end").GetInt32())));
            foreach ((int i, (FoundEntity ours, JsonElement theirs)) in found.Zip(expected).Index())
            {
                report.RefuseUnknown(theirs, check, _entityFields);
                report.Figure($"{check}: score {i + 1}", ours.Score, theirs.GetProperty("score"));
            }
        }
    }

    private static IEnumerable<ScoredToken> Tokens(JsonElement item)
    {
        int?[] words = [.. item.GetProperty("word_ids").EnumerateArray().Select(word => word.ValueKind == JsonValueKind.Null ? (int?)null : word.GetInt32())];
        int[] special = item.GetProperty("special").Ints();
        int[][] offsets = [.. item.GetProperty("offsets").EnumerateArray().Select(span => span.Ints())];
        float[][] scores = [.. item.GetProperty("scores").EnumerateArray().Select(row => Array.ConvertAll(row.Numbers(), score => (float)score))];
        int? before = null;
        for (int i = 0; i < words.Length; i++)
        {
            if (special[i] == 0)
            {
                yield return new ScoredToken(new TextSpan(offsets[i][0], offsets[i][1]), scores[i], ContinuesWord: words[i] is not null && words[i] == before);
                before = words[i];
            }
        }
    }
}
