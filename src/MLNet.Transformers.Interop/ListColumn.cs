using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Transformers.Interop;

/// <summary>Values that no evaluator of ML.NET looks for, in each row as many as it has: a vector of unknown size.</summary>
/// <param name="Name">Name of the column.</param>
/// <param name="ItemType">Type of its values.</param>
/// <param name="Read">The values of an answer.</param>
internal sealed record ListColumn<TAnswer, TValue>(string Name, PrimitiveDataViewType ItemType, Func<TAnswer, TValue[]> Read) : OutputColumn<TAnswer>(Name)
{
    public override DataViewSchema.DetachedColumn Column(uint scoreSet) => new(Name, new VectorDataViewType(ItemType));

    public override SchemaShape.Column Shape(SchemaShape.Column? label) => new(Name, SchemaShape.Column.VectorKind.VariableVector, ItemType, false);

    public override Delegate Getter(Func<TAnswer> answer) =>
        (ValueGetter<VBuffer<TValue>>)((ref VBuffer<TValue> value) => VectorValues.Set(ref value, Read(answer())));
}
