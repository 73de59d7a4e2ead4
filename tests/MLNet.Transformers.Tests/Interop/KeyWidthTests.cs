using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Interop;

namespace MLNet.Transformers.Tests.Interop;

/// <summary>Keys of each unsigned type, as a label and as a column that passes through.</summary>
public sealed class KeyWidthTests
{
    private readonly MLContext _context = new(seed: 1);

    [Theory]
    [InlineData(DataKind.Byte)]
    [InlineData(DataKind.UInt16)]
    [InlineData(DataKind.UInt32)]
    [InlineData(DataKind.UInt64)]
    public void A_label_of_any_width_is_learnt_read_and_passed_through(DataKind kind)
    {
        TextRow[] rows = TextRows.Make(20);
        rows[4].Label = "unknown";
        IDataView data = Labelled(rows, kind);
        Assert.Equal(kind.ToString(), data.Schema["Label"].Type.RawType.Name);
        ulong[] expected = [.. rows.Select(row => (ulong)(Array.IndexOf(TextRows.Classes, row.Label) + 1))];

        FakeClassifier model = Chains.SaveAndLoad(new FakeTrainer(_context).Fit(data), data.Schema);

        IDataView result = model.Transform(data);
        Assert.Equal(data.Schema["Label"].Type, result.Schema["Label"].Type);
        Assert.Equal(TextRows.Classes, model.Keys.Names);
        Assert.Equal(expected, Labels(data));
        Assert.Equal(expected, Labels(result));
        Assert.Equal(rows.Select(row => FakeClassifier.ClassOf(row.Text, 3)), TextRows.Column<uint>(result, "PredictedLabel"));
    }

    private IDataView Labelled(TextRow[] rows, DataKind kind) =>
        _context.Transforms.Conversion.MapValueToKey("Label", keyData: Keys())
            .Append(_context.Transforms.Conversion.ConvertType("Label", outputKind: kind))
            .Fit(_context.Data.LoadFromEnumerable(rows)).Transform(_context.Data.LoadFromEnumerable(rows));

    private IDataView Keys() => _context.Data.LoadFromEnumerable(TextRows.Classes.Select(name => new ClassName { Label = name }));

    // With all columns active, so that the label travels through the window.
    private static ulong[] Labels(IDataView view)
    {
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        ValueGetter<ulong> label = cursor.KeyGetter(view.Schema["Label"]);
        var read = new List<ulong>();
        ulong value = 0;
        while (cursor.MoveNext())
        {
            label(ref value);
            read.Add(value);
        }
        return [.. read];
    }

    private sealed class ClassName
    {
        public string Label { get; set; } = "";
    }
}
