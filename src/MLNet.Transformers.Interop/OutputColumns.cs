using Microsoft.ML;
using Microsoft.ML.Data;
using Kinds = Microsoft.ML.Data.AnnotationUtils.Kinds;

namespace MLNet.Transformers.Interop;

/// <summary>The columns of one prediction, together: those of data, and what is known of them before.</summary>
internal static class OutputColumns
{
    /// <summary>The input with the columns added.</summary>
    /// <param name="columns">The columns, in their order.</param>
    /// <param name="input">The schema that they are added to.</param>
    /// <param name="read">The columns of it that a prediction reads.</param>
    public static ColumnBinding Bind<TAnswer>(
        this IReadOnlyList<OutputColumn<TAnswer>> columns, DataViewSchema input, IReadOnlyList<DataViewSchema.Column> read)
    {
        uint set = input.GetMaxAnnotationKind(out _, Kinds.ScoreColumnSetId) + 1;
        return new ColumnBinding(input, read, columns.Select(column => column.Column(set)));
    }

    /// <summary>The shape of the input with the columns added.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="input">The shape that they are added to.</param>
    /// <param name="label">The label column that the classes are taken from; null: they are named as text, or there are none.</param>
    public static SchemaShape Shape<TAnswer>(this IReadOnlyList<OutputColumn<TAnswer>> columns, SchemaShape input, SchemaShape.Column? label)
    {
        Dictionary<string, SchemaShape.Column> shapes = input.ToDictionary(column => column.Name);
        foreach (OutputColumn<TAnswer> column in columns)
        {
            shapes[column.Name] = column.Shape(label);
        }
        return new SchemaShape(shapes.Values);
    }
}
