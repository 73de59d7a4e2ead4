using Microsoft.ML;
using Microsoft.ML.Data;
using Kinds = Microsoft.ML.Data.AnnotationUtils.Kinds;
using Roles = Microsoft.ML.Data.AnnotationUtils.Const;

namespace MLNet.Transformers.Interop;

/// <summary>One value of a prediction, annotated as ML.NET's own trainers annotate it. <see cref="ScalarColumns"/> makes them.</summary>
/// <param name="Name">Name of the column.</param>
/// <param name="Type">Its type.</param>
/// <param name="Task">What is predicted: a value of <c>ScoreColumnKind</c>.</param>
/// <param name="Kind">What the column holds: a value of <c>ScoreValueKind</c>.</param>
/// <param name="Read">The value of an answer.</param>
internal sealed record ScalarColumn<TAnswer, TValue>(string Name, PrimitiveDataViewType Type, string Task, string Kind, Func<TAnswer, TValue> Read)
    : OutputColumn<TAnswer>(Name)
{
    private bool IsProbability => Kind == Roles.ScoreValueKind.Probability;

    public override DataViewSchema.DetachedColumn Column(uint scoreSet)
    {
        DataViewSchema.Annotations.Builder annotations = ScoreAnnotations.Of(scoreSet, Task, Kind);
        if (IsProbability)
        {
            annotations.Add(Kinds.IsNormalized, BooleanDataViewType.Instance, (ref bool value) => value = true);
        }
        return new(Name, Type, annotations.ToAnnotations());
    }

    public override SchemaShape.Column Shape(SchemaShape.Column? label) => new(
        Name, SchemaShape.Column.VectorKind.Scalar, Type, false, new SchemaShape(AnnotationUtils.GetTrainerOutputAnnotation(IsProbability)));

    public override Delegate Getter(Func<TAnswer> answer) => (ValueGetter<TValue>)((ref TValue value) => value = Read(answer()));
}

/// <summary>The columns of the predictions that ML.NET knows as binary classification and regression.</summary>
internal static class ScalarColumns
{
    /// <summary>The number that regression predicts.</summary>
    public static OutputColumn<TAnswer> Number<TAnswer>(string name, Func<TAnswer, float> read) =>
        new ScalarColumn<TAnswer, float>(name, NumberDataViewType.Single, Roles.ScoreColumnKind.Regression, Roles.ScoreValueKind.Score, read);

    /// <summary>Yes or no.</summary>
    public static OutputColumn<TAnswer> BinaryLabel<TAnswer>(string name, Func<TAnswer, bool> read) =>
        new ScalarColumn<TAnswer, bool>(name, BooleanDataViewType.Instance, Roles.ScoreColumnKind.BinaryClassification, Roles.ScoreValueKind.PredictedLabel, read);

    /// <summary>What a yes is read by: the higher, the surer.</summary>
    public static OutputColumn<TAnswer> BinaryScore<TAnswer>(string name, Func<TAnswer, float> read) =>
        new ScalarColumn<TAnswer, float>(name, NumberDataViewType.Single, Roles.ScoreColumnKind.BinaryClassification, Roles.ScoreValueKind.Score, read);

    /// <summary>The probability of a yes.</summary>
    public static OutputColumn<TAnswer> BinaryProbability<TAnswer>(string name, Func<TAnswer, float> read) =>
        new ScalarColumn<TAnswer, float>(name, NumberDataViewType.Single, Roles.ScoreColumnKind.BinaryClassification, Roles.ScoreValueKind.Probability, read);
}
