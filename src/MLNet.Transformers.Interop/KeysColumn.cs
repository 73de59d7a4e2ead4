using Microsoft.ML;
using Microsoft.ML.Data;
using Kinds = Microsoft.ML.Data.AnnotationUtils.Kinds;

namespace MLNet.Transformers.Interop;

/// <summary>The predicted class of each part of a row, a vector of keys.</summary>
/// <param name="Name">Name of the column.</param>
/// <param name="Classes">Number of classes; not looked at for a shape.</param>
/// <param name="Keys">What the classes are; null: only numbered.</param>
/// <param name="Read">The classes of an answer, from 0; a number that no key has is a missing one.</param>
internal sealed record KeysColumn<TAnswer>(string Name, int Classes, KeyValues? Keys, Func<TAnswer, int[]> Read) : OutputColumn<TAnswer>(Name)
{
    private int Count => Keys?.Count ?? Classes;

    public override DataViewSchema.DetachedColumn Column(uint scoreSet)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        Keys?.AddTo(annotations, Kinds.KeyValues);
        return new(Name, new VectorDataViewType(new KeyDataViewType(typeof(uint), Count)), annotations.ToAnnotations());
    }

    public override SchemaShape.Column Shape(SchemaShape.Column? label)
    {
        SchemaShape.Column values = new(Kinds.KeyValues, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false);
        bool named = label is null || !label.Value.IsKey || label.Value.Annotations.TryFindColumn(Kinds.KeyValues, out values);
        return new(
            Name, SchemaShape.Column.VectorKind.VariableVector, NumberDataViewType.UInt32, true, named ? new SchemaShape([values]) : new SchemaShape([]));
    }

    public override Delegate Getter(Func<TAnswer> answer) => (ValueGetter<VBuffer<uint>>)((ref VBuffer<uint> value) =>
        VectorValues.Set(ref value, Array.ConvertAll(Read(answer()), number => number >= 0 && number < Count ? (uint)number + 1 : 0)));
}
