using Microsoft.ML;

namespace MLNet.Transformers.Interop;

/// <summary>A column that is added to each row, together with how its value is read from a row's answer.</summary>
/// <param name="Name">Its name.</param>
internal abstract record OutputColumn<TAnswer>(string Name)
{
    /// <summary>The column in the schema of data.</summary>
    /// <param name="scoreSet">The number that joins the columns of one prediction, as ML.NET's evaluators look for it.</param>
    public abstract DataViewSchema.DetachedColumn Column(uint scoreSet);

    /// <summary>What is known of the column before there is data.</summary>
    /// <param name="label">The label column that the classes are taken from; null: they are named as text, or there are none.</param>
    public abstract SchemaShape.Column Shape(SchemaShape.Column? label);

    /// <summary>A <see cref="ValueGetter{T}"/> of the column's value.</summary>
    /// <param name="answer">The answer of the current row.</param>
    public abstract Delegate Getter(Func<TAnswer> answer);
}
