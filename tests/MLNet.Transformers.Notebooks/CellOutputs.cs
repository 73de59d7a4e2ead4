using Microsoft.DotNet.Interactive.Documents;
using Microsoft.DotNet.Interactive.Events;

namespace MLNet.Transformers.Notebooks;

/// <summary>What a cell printed and showed, as a notebook's file holds it.</summary>
internal static class CellOutputs
{
    public static void Collect(IEnumerable<KernelEvent> events, InteractiveDocumentElement cell, NotebookPackages packages)
    {
        var shown = new Dictionary<string, DisplayElement>();
        foreach (KernelEvent item in events)
        {
            switch (item)
            {
                case StandardOutputValueProduced text:
                    AddText(cell, "stdout", Plain(text));
                    break;
                case StandardErrorValueProduced text:
                    AddText(cell, "stderr", Plain(text));
                    break;
                // A display that a cell changes, such as a progress line, is kept as it was last.
                case DisplayedValueUpdated update when shown.TryGetValue(update.ValueId, out DisplayElement? element):
                    Fill(element.Data, update, packages);
                    break;
                case DisplayEvent display and (DisplayedValueProduced or DisplayedValueUpdated or ReturnValueProduced) when display.FormattedValues.Count > 0:
                    var added = new DisplayElement(Fill(new Dictionary<string, object>(), display, packages));
                    cell.Outputs.Add(added);
                    if (display.ValueId is { } id)
                    {
                        shown[id] = added;
                    }
                    break;
            }
        }
    }

    /// <summary>The kinds of a cell's outputs, one after the other: "stdout, text/html".</summary>
    public static string Kinds(InteractiveDocumentElement cell) => string.Join(", ", cell.Outputs.Select(output => output switch
    {
        TextElement text => text.Name,
        DisplayElement display => string.Join('|', display.Data.Keys.Order()),
        ReturnValueElement value => string.Join('|', value.Data.Keys.Order()),
        ErrorElement error => error.ErrorName,
        _ => output.GetType().Name,
    }));

    private static string Plain(DisplayEvent text) => string.Concat(text.FormattedValues.Where(value => value.MimeType == "text/plain").Select(value => value.Value));

    // Texts of one stream that follow one another are one output, as in Jupyter.
    private static void AddText(InteractiveDocumentElement cell, string name, string text)
    {
        if (cell.Outputs.LastOrDefault() is TextElement last && last.Name == name)
        {
            cell.Outputs.RemoveAt(cell.Outputs.Count - 1);
            text = last.Text + text;
        }
        cell.Outputs.Add(new TextElement(text, name));
    }

    private static IDictionary<string, object> Fill(IDictionary<string, object> data, DisplayEvent display, NotebookPackages packages)
    {
        data.Clear();
        foreach (var value in display.FormattedValues)
        {
            data[value.MimeType] = packages.Out(value.Value);
        }
        return data;
    }
}
