using MLNet.Transformers.Evaluation;
using MLNet.Transformers.TokenClassification;

namespace MLNet.Transformers;

/// <summary>
/// How well entities are found: one counts as right where its type, its first word and its last word are. Equal to the classification_report of
/// seqeval 1.2.2, in its default mode (that of the CoNLL tasks' conlleval) and in its strict one.
/// </summary>
/// <param name="ByType">The figures of each type that occurs or is predicted, in alphabetical order.</param>
/// <param name="Micro">Of all entities together: what publications report.</param>
/// <param name="Macro">The mean over the types; NaN where there is no entity, neither right nor predicted.</param>
/// <param name="Weighted">The mean over the types, each by its number of entities.</param>
/// <param name="TagAccuracy">Share of words whose tag is right, words outside of entities included; NaN where there is no word.</param>
public sealed record EntityMetrics(
    IReadOnlyDictionary<string, PrecisionRecall> ByType, PrecisionRecall Micro, PrecisionRecall Macro, PrecisionRecall Weighted, double TagAccuracy)
{
    /// <summary>Compares the tags of sentences.</summary>
    /// <param name="gold">The right tags, a list a sentence.</param>
    /// <param name="predicted">The predicted tags: as many sentences, each with as many tags.</param>
    /// <param name="strict">
    /// Null: seqeval's default mode, in which whatever can be read as an entity is one, whatever the scheme; but for tags of which none has a prefix (B-, I-):
    /// seqeval would take the first letter of "ORG" for one, here neighbours of one tag are an entity of that type. Else its strict mode: only what this
    /// scheme allows is an entity, in the right tags and in the predicted ones.
    /// </param>
    /// <exception cref="ArgumentException">The numbers of sentences or of a sentence's tags differ, or a tag is empty or not one of the scheme; the message names the row.</exception>
    public static EntityMetrics Of(
        IReadOnlyList<IReadOnlyList<string>> gold, IReadOnlyList<IReadOnlyList<string>> predicted, TagScheme? strict = null)
    {
        Paired.Check(gold, predicted, "sentences");
        bool bare = strict is null && TagSchemes.AreBare(gold.Concat(predicted).SelectMany(tags => tags));
        var rows = new List<(IReadOnlyList<TaggedEntity> Gold, IReadOnlyList<TaggedEntity> Predicted)>(gold.Count);
        long words = 0, rightWords = 0;
        for (int i = 0; i < gold.Count; i++)
        {
            if (gold[i].Count != predicted[i].Count)
            {
                throw new ArgumentException($"Row {i + 1}: {gold[i].Count} right tags and {predicted[i].Count} predicted ones; both must be a tag a word.");
            }
            words += gold[i].Count;
            rightWords += gold[i].Zip(predicted[i]).Count(pair => pair.First == pair.Second);
            rows.Add((Read(gold[i], i + 1), Read(predicted[i], i + 1)));
        }
        return Of(rows, (double)rightWords / words);

        IReadOnlyList<TaggedEntity> Read(IReadOnlyList<string> tags, int row) =>
            EntityReader.Read(bare ? [.. tags.Select(tag => tag is null or "" or TagName.Outside ? tag! : $"I-{tag}")] : tags, strict, row);
    }

    /// <summary>Compares the entities of rows.</summary>
    internal static EntityMetrics Of(IReadOnlyList<(IReadOnlyList<TaggedEntity> Gold, IReadOnlyList<TaggedEntity> Predicted)> rows, double tagAccuracy)
    {
        var counts = new SortedDictionary<string, (long Right, long Predicted, long Support)>(StringComparer.Ordinal);
        foreach ((IReadOnlyList<TaggedEntity> gold, IReadOnlyList<TaggedEntity> predicted) in rows)
        {
            HashSet<TaggedEntity> expected = [.. gold];
            foreach (TaggedEntity entity in expected)
            {
                Count(entity.Type, 0, 0, 1);
            }
            foreach (TaggedEntity entity in predicted)
            {
                Count(entity.Type, expected.Contains(entity) ? 1 : 0, 1, 0);
            }
        }
        var byType = new OrderedDictionary<string, PrecisionRecall>(counts.Select(
            type => KeyValuePair.Create(type.Key, PrecisionRecall.Of(type.Value.Right, type.Value.Predicted, type.Value.Support))));
        return new EntityMetrics(
            byType,
            PrecisionRecall.Of(counts.Values.Sum(type => type.Right), counts.Values.Sum(type => type.Predicted), counts.Values.Sum(type => type.Support)),
            PrecisionRecall.Macro(byType.Values),
            PrecisionRecall.Weighted(byType.Values),
            tagAccuracy);

        void Count(string type, int right, int predicted, int support)
        {
            (long Right, long Predicted, long Support) old = counts.GetValueOrDefault(type);
            counts[type] = (old.Right + right, old.Predicted + predicted, old.Support + support);
        }
    }

    /// <summary>A table of all figures.</summary>
    public override string ToString()
    {
        var table = new FigureTable("precision", "recall", "F1", "support");
        foreach ((string type, PrecisionRecall figures) in ByType)
        {
            table.Add(type, figures);
        }
        return table.Add("micro", Micro).Add("macro", Macro).Add("weighted", Weighted).Add("tags right", FigureTable.Share(TagAccuracy)).ToString();
    }
}
