using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Text;

namespace MLNet.Transformers.TextToText;

/// <summary>A written text as one of the classes of a key.</summary>
/// <param name="TextColumnName">Column of the text.</param>
/// <param name="LabelColumnName">Column of keys that says which classes there are.</param>
/// <param name="PredictedLabelColumnName">Column for the class.</param>
/// <param name="ScoreColumnName">Column for the scores.</param>
internal sealed record TextToLabel(string TextColumnName, string LabelColumnName, string PredictedLabelColumnName, string ScoreColumnName) : TextConversion<(int Class, float[] Scores)>
{
    public override void Require(SchemaShape shape, IHost host)
    {
        shape.RequireText(host, "text", TextColumnName);
        shape.RequireKey(host, "label", LabelColumnName);
    }

    public override (TextConversion Conversion, KeyValues? Keys) Fit(DataViewSchema schema, IHost host)
    {
        DataViewSchema.Column label = schema.RequireKey(host, "label", LabelColumnName);
        return (this, KeyValues.Of(label) ?? throw new InvalidOperationException($"The keys of the column '{LabelColumnName}' have no values; classes need names to be written by."));
    }

    protected override IReadOnlyList<OutputColumn<(int Class, float[] Scores)>> Outputs(KeyValues? keys) =>
    [
        new KeyColumn<(int Class, float[] Scores)>(PredictedLabelColumnName, keys?.Count ?? 0, keys, static answer => answer.Class),
        new ScoresColumn<(int Class, float[] Scores)>(ScoreColumnName, keys?.Count ?? 0, keys, static answer => answer.Scores),
    ];

    protected override IReadOnlyList<DataViewSchema.Column> Find(DataViewSchema schema, IHost host) => [schema.RequireText(host, "text", TextColumnName)];

    protected override Func<(int Class, float[] Scores)> Reader(DataViewRow row, IReadOnlyList<DataViewSchema.Column> columns, KeyValues? keys)
    {
        Func<TextRow> read = TextColumns.Reader(row, columns);
        string[] names = [.. keys!.Names];
        return () =>
        {
            int written = Array.IndexOf(names, read().Text.Trim());
            return (written, [.. names.Select((_, number) => written < 0 ? 1f / names.Length : written == number ? 1f : 0f)]);
        };
    }
}
