using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace FreshProcess;

/// <summary>Rows of any data as lines, numbers to the last bit.</summary>
public static class RowText
{
    public static string[] Lines(IDataView data, IReadOnlyCollection<string> columns)
    {
        DataDebuggerPreview preview = data.Preview(maxRows: 1000);
        return [.. preview.RowView.Select(row => string.Join('\t', row.Values.Where(item => columns.Contains(item.Key)).Select(item => $"{item.Key}={Text(item.Value)}")))];
    }

    private static string Text(object value) => value switch
    {
        float number => number.ToString("R", CultureInfo.InvariantCulture),
        VBuffer<float> numbers => Join(numbers),
        VBuffer<ReadOnlyMemory<char>> texts => Join(texts),
        VBuffer<uint> keys => Join(keys),
        VBuffer<int> numbers => Join(numbers),
        VBuffer<bool> flags => Join(flags),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static string Join<T>(VBuffer<T> values) => $"[{string.Join(' ', values.DenseValues().Select(value => Text(value!)))}]";
}
