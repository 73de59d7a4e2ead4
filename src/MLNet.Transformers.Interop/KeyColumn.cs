using Microsoft.ML;
using Microsoft.ML.Data;
using Kinds = Microsoft.ML.Data.AnnotationUtils.Kinds;
using Roles = Microsoft.ML.Data.AnnotationUtils.Const;

namespace MLNet.Transformers.Interop;

/// <summary>The predicted class of a row, a key.</summary>
/// <param name="Name">Name of the column.</param>
/// <param name="Classes">Number of classes; not looked at for a shape.</param>
/// <param name="Keys">What the classes are; null: only numbered.</param>
/// <param name="Read">The class of an answer, from 0.</param>
internal sealed record KeyColumn<TAnswer>(string Name, int Classes, KeyValues? Keys, Func<TAnswer, int> Read) : OutputColumn<TAnswer>(Name)
{
    public override DataViewSchema.DetachedColumn Column(uint scoreSet)
    {
        DataViewSchema.Annotations.Builder annotations = ScoreAnnotations.Of(scoreSet, Roles.ScoreColumnKind.MulticlassClassification, Roles.ScoreValueKind.PredictedLabel);
        Keys?.AddTo(annotations, Kinds.KeyValues);
        return new(Name, new KeyDataViewType(typeof(uint), Classes), annotations.ToAnnotations());
    }

    public override SchemaShape.Column Shape(SchemaShape.Column? label)
    {
        IEnumerable<SchemaShape.Column> annotations = AnnotationUtils.GetTrainerOutputAnnotation();
        SchemaShape.Column keys = new(Kinds.KeyValues, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false);
        if (label is null || label.Value.Annotations.TryFindColumn(Kinds.KeyValues, out keys))
        {
            annotations = annotations.Append(keys);
        }
        return new(Name, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, true, new SchemaShape(annotations));
    }

    public override Delegate Getter(Func<TAnswer> answer) => (ValueGetter<uint>)((ref uint value) => value = (uint)Read(answer()) + 1);
}
