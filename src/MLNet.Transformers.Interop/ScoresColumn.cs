using Microsoft.ML;
using Microsoft.ML.Data;
using Kinds = Microsoft.ML.Data.AnnotationUtils.Kinds;
using Roles = Microsoft.ML.Data.AnnotationUtils.Const;

namespace MLNet.Transformers.Interop;

/// <summary>A score for each class, a vector whose slots have the classes' names.</summary>
/// <param name="Name">Name of the column.</param>
/// <param name="Classes">Number of classes; not looked at for a shape.</param>
/// <param name="Keys">What the classes are; null: only numbered.</param>
/// <param name="Read">The scores of an answer.</param>
internal sealed record ScoresColumn<TAnswer>(string Name, int Classes, KeyValues? Keys, Func<TAnswer, float[]> Read) : OutputColumn<TAnswer>(Name)
{
    public override DataViewSchema.DetachedColumn Column(uint scoreSet)
    {
        DataViewSchema.Annotations.Builder annotations = ScoreAnnotations.Of(scoreSet, Roles.ScoreColumnKind.MulticlassClassification, Roles.ScoreValueKind.Score);
        if (Keys is not null)
        {
            Keys.AddTo(annotations, Kinds.TrainingLabelValues);
            SlotNames.AddTo(annotations, Keys.Names);
        }
        return new(Name, new VectorDataViewType(NumberDataViewType.Single, Classes), annotations.ToAnnotations());
    }

    public override SchemaShape.Column Shape(SchemaShape.Column? label) => new(
        Name, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false,
        new SchemaShape(AnnotationUtils.AnnotationsForMulticlassScoreColumn(label)));

    public override Delegate Getter(Func<TAnswer> answer) =>
        (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => VectorValues.Set(ref value, Read(answer())));
}
