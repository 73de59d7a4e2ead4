using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;

namespace MLNet.Transformers.TextToText;

/// <summary>A task's columns as a source and a target.</summary>
internal sealed partial record TaskToText(string Template, string? LabelColumnName, double Step, string SourceColumnName, string TargetColumnName)
    : TextConversion<(string Source, string Target)>
{
    private string[] Columns => [.. Places().Matches(Template).Select(place => place.Groups[1].Value).Distinct()];

    /// <exception cref="ArgumentException">The template names no column, or a brace has no other.</exception>
    public static void CheckTemplate(string template, string option)
    {
        if (!Places().IsMatch(template) || Places().Replace(template, "").AsSpan().ContainsAny('{', '}'))
        {
            throw new ArgumentException($"{option} is '{template}'; it must have names of columns, each between two braces, as in 'summarize: {{Text}}'.", option);
        }
    }

    public override void Require(SchemaShape shape, IHost host)
    {
        foreach (string name in LabelColumnName is null ? Columns : [.. Columns, LabelColumnName])
        {
            ColumnText.Require(shape, host, name == LabelColumnName ? "label" : "text", name);
        }
    }

    protected override IReadOnlyList<OutputColumn<(string Source, string Target)>> Outputs(KeyValues? keys) =>
        [PlainColumns.Text<(string Source, string Target)>(SourceColumnName, static row => row.Source), PlainColumns.Text<(string Source, string Target)>(TargetColumnName, static row => row.Target)];

    protected override IReadOnlyList<DataViewSchema.Column> Find(DataViewSchema schema, IHost host)
    {
        var columns = Columns.Select(name => ColumnText.Find(schema, host, "text", name)).ToList();
        if (LabelColumnName is not null && schema.GetColumnOrNull(LabelColumnName) is not null)
        {
            columns.Add(ColumnText.Find(schema, host, "label", LabelColumnName));
        }
        return columns;
    }

    protected override Func<(string Source, string Target)> Reader(DataViewRow row, IReadOnlyList<DataViewSchema.Column> columns, KeyValues? keys)
    {
        string[] names = Columns;
        Dictionary<string, Func<string>> read = names.Zip(columns).ToDictionary(pair => pair.First, pair => ColumnText.Reader(row, pair.Second, Step));
        Func<string>? target = columns.Count > names.Length ? ColumnText.Reader(row, columns[^1], Step) : null;
        return () => (Places().Replace(Template, place => read[place.Groups[1].Value]()), target?.Invoke() ?? "");
    }

    [GeneratedRegex(@"\{([^{}]+)\}")]
    private static partial Regex Places();
}
