using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Text;

namespace MLNet.Transformers.TextToText;

/// <summary>A written text as a number.</summary>
/// <param name="TextColumnName">Column of the text.</param>
/// <param name="ScoreColumnName">Column for the number.</param>
/// <param name="Missing">The number where the text is none.</param>
internal sealed record TextToNumber(string TextColumnName, string ScoreColumnName, float Missing) : TextConversion<float>
{
    public override void Require(SchemaShape shape, IHost host) => shape.RequireText(host, "text", TextColumnName);

    protected override IReadOnlyList<OutputColumn<float>> Outputs(KeyValues? keys) => [ScalarColumns.Number<float>(ScoreColumnName, static number => number)];

    protected override IReadOnlyList<DataViewSchema.Column> Find(DataViewSchema schema, IHost host) => [schema.RequireText(host, "text", TextColumnName)];

    protected override Func<float> Reader(DataViewRow row, IReadOnlyList<DataViewSchema.Column> columns, KeyValues? keys)
    {
        Func<TextRow> read = TextColumns.Reader(row, columns);
        return () => float.TryParse(read().Text, NumberStyles.Float, CultureInfo.InvariantCulture, out float number) && float.IsFinite(number) ? number : Missing;
    }
}
