using Microsoft.ML;
using Microsoft.ML.Data;
using Kinds = Microsoft.ML.Data.AnnotationUtils.Kinds;

namespace MLNet.Transformers.Interop;

/// <summary>A vector of known size, such as a value for each of some labels or the features of a text.</summary>
/// <param name="Name">Name of the column.</param>
/// <param name="ItemType">Type of its values.</param>
/// <param name="Size">Number of its values; not looked at for a shape.</param>
/// <param name="Slots">The names of its slots, in their order; null: they have none.</param>
/// <param name="Read">The values of an answer.</param>
internal sealed record VectorColumn<TAnswer, TValue>(string Name, PrimitiveDataViewType ItemType, int Size, IReadOnlyList<string>? Slots, Func<TAnswer, TValue[]> Read)
    : OutputColumn<TAnswer>(Name)
{
    public override DataViewSchema.DetachedColumn Column(uint scoreSet)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        if (Slots is not null)
        {
            SlotNames.AddTo(annotations, Slots);
        }
        return new(Name, new VectorDataViewType(ItemType, Size), annotations.ToAnnotations());
    }

    public override SchemaShape.Column Shape(SchemaShape.Column? label) => new(
        Name, SchemaShape.Column.VectorKind.Vector, ItemType, false,
        new SchemaShape(Slots is null ? [] : [new(Kinds.SlotNames, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false)]));

    public override Delegate Getter(Func<TAnswer> answer) =>
        (ValueGetter<VBuffer<TValue>>)((ref VBuffer<TValue> value) => VectorValues.Set(ref value, Read(answer())));
}

/// <summary>The vectors of predictions.</summary>
internal static class VectorColumns
{
    /// <summary>Numbers that other trainers learn from.</summary>
    public static OutputColumn<TAnswer> Features<TAnswer>(string name, int width, Func<TAnswer, float[]> read) =>
        new VectorColumn<TAnswer, float>(name, NumberDataViewType.Single, width, Slots: null, read);
}
