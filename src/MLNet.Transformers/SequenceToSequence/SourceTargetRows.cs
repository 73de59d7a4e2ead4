using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Text;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.SequenceToSequence;

/// <summary>Rows of a source and a target.</summary>
internal sealed class SourceTargetRows(string sourceColumn, string targetColumn, SourceEncoder sources, TargetEncoder targets)
    : IRowReader<(string Source, string Target), SourceTarget>
{
    public string SkippedBecause => "have no target";

    public string? Report => (sources.Report, targets.Report) switch
    {
        ({ } source, { } target) => $"{source} {target}",
        (var source, var target) => source ?? target,
    };

    public IReadOnlyList<DataViewSchema.Column> Find(DataViewSchema schema, IExceptionContext context) =>
        [schema.RequireText(context, "source", sourceColumn), schema.RequireText(context, "target", targetColumn)];

    public RowGetter<(string Source, string Target)> Getter(DataViewRow row, IReadOnlyList<DataViewSchema.Column> columns)
    {
        Func<TextRow> read = TextColumns.Reader(row, columns);
        return (out (string Source, string Target) value) =>
        {
            TextRow texts = read();
            value = (texts.Text, texts.Pair!);
            return value.Target.Length > 0;
        };
    }

    public SourceTarget[] Features((string Source, string Target) row) =>
        [new(new TokenSequence(sources.Encode(new TextRow(row.Source, null))), targets.Encode(row.Target), row.Target)];
}
