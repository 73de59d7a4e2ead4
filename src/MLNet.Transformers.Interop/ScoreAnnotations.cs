using Microsoft.ML;
using Microsoft.ML.Data;
using Kinds = Microsoft.ML.Data.AnnotationUtils.Kinds;

namespace MLNet.Transformers.Interop;

/// <summary>The annotations by which ML.NET's evaluators find the columns of a prediction, as its own trainers write them.</summary>
internal static class ScoreAnnotations
{
    /// <param name="scoreSet">The number that joins the columns of one prediction.</param>
    /// <param name="task">What is predicted: a value of <c>ScoreColumnKind</c>.</param>
    /// <param name="kind">What the column holds: a value of <c>ScoreValueKind</c>.</param>
    public static DataViewSchema.Annotations.Builder Of(uint scoreSet, string task, string kind)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(Kinds.ScoreColumnSetId, AnnotationUtils.ScoreColumnSetIdType, (ref uint value) => value = scoreSet);
        AddText(Kinds.ScoreColumnKind, task);
        AddText(Kinds.ScoreValueKind, kind);
        return annotations;

        void AddText(string name, string text) => annotations.Add(
            name, TextDataViewType.Instance, (ref ReadOnlyMemory<char> value) => value = text.AsMemory());
    }
}
