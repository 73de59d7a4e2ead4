using Microsoft.ML;
using Microsoft.ML.Data;
using Kinds = Microsoft.ML.Data.AnnotationUtils.Kinds;
using Roles = Microsoft.ML.Data.AnnotationUtils.Const;

namespace MLNet.Transformers.Interop;

/// <summary>The two columns of a multiclass prediction, annotated as ML.NET's own trainers do, so that its evaluators find them.</summary>
internal static class MulticlassColumns
{
    /// <param name="input">The schema that the columns are added to.</param>
    /// <param name="predictedLabel">Name of the column for the class, a key.</param>
    /// <param name="score">Name of the column for the probabilities, a vector.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="keys">What the classes are; null: only numbered.</param>
    public static IEnumerable<DataViewSchema.DetachedColumn> Create(
        DataViewSchema input, string predictedLabel, string score, int classes, KeyValues? keys)
    {
        uint set = input.GetMaxAnnotationKind(out _, Kinds.ScoreColumnSetId) + 1;
        DataViewSchema.Annotations.Builder label = Annotate(set, Roles.ScoreValueKind.PredictedLabel);
        DataViewSchema.Annotations.Builder scores = Annotate(set, Roles.ScoreValueKind.Score);
        if (keys is not null)
        {
            ReadOnlyMemory<char>[] names = [.. keys.Names.Select(name => name.AsMemory())];
            keys.AddTo(label, Kinds.KeyValues);
            keys.AddTo(scores, Kinds.TrainingLabelValues);
            scores.AddSlotNames(classes, (ref VBuffer<ReadOnlyMemory<char>> value) => new VBuffer<ReadOnlyMemory<char>>(names.Length, names).CopyTo(ref value));
        }
        yield return new(predictedLabel, new KeyDataViewType(typeof(uint), classes), label.ToAnnotations());
        yield return new(score, new VectorDataViewType(NumberDataViewType.Single, classes), scores.ToAnnotations());
    }

    /// <summary>What is known of the columns before there is data.</summary>
    /// <param name="input">The shape that the columns are added to.</param>
    /// <param name="label">The label column, whose key values the prediction takes over; null: the classes are named as text.</param>
    /// <param name="predictedLabel">As above.</param>
    /// <param name="score">As above.</param>
    public static SchemaShape Shape(SchemaShape input, SchemaShape.Column? label, string predictedLabel, string score)
    {
        IEnumerable<SchemaShape.Column> annotations = AnnotationUtils.GetTrainerOutputAnnotation();
        SchemaShape.Column keys = new(Kinds.KeyValues, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false);
        if (label is null || label.Value.Annotations.TryFindColumn(Kinds.KeyValues, out keys))
        {
            annotations = annotations.Append(keys);
        }
        Dictionary<string, SchemaShape.Column> columns = input.ToDictionary(column => column.Name);
        columns[predictedLabel] = new(
            predictedLabel, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, true, new SchemaShape(annotations));
        columns[score] = new(
            score, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false,
            new SchemaShape(AnnotationUtils.AnnotationsForMulticlassScoreColumn(label)));
        return new SchemaShape(columns.Values);
    }

    private static DataViewSchema.Annotations.Builder Annotate(uint set, string kind)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(Kinds.ScoreColumnSetId, AnnotationUtils.ScoreColumnSetIdType, (ref uint value) => value = set);
        AddText(Kinds.ScoreColumnKind, Roles.ScoreColumnKind.MulticlassClassification);
        AddText(Kinds.ScoreValueKind, kind);
        return annotations;

        void AddText(string name, string text) => annotations.Add(
            name, TextDataViewType.Instance, (ref ReadOnlyMemory<char> value) => value = text.AsMemory());
    }
}
