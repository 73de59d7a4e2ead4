using Microsoft.ML;

namespace MLNet.Transformers.Evaluation;

/// <summary>A column of the rows that are judged.</summary>
/// <param name="Column">The column.</param>
/// <param name="Getter">Makes a function that reads it from a cursor's current row.</param>
internal sealed record EvaluatedColumn<T>(DataViewSchema.Column Column, Func<DataViewRow, Func<T>> Getter);
