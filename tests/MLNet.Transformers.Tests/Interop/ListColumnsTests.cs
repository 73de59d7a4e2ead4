using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;

namespace MLNet.Transformers.Tests.Interop;

/// <summary>Lists of whole numbers and of keys in each type that a column may have.</summary>
public sealed class ListColumnsTests
{
    private sealed class Row
    {
        public int One { get; set; } = -7;

        public int[] Ints { get; set; } = [3, -4];

        public long[] Longs { get; set; } = [3, int.MaxValue, int.MinValue, int.MaxValue + 1L, int.MinValue - 1L];

        public float[] Singles { get; set; } = [3, -4, 2.5f, float.NaN, 3e9f, -3e9f];

        public double[] Doubles { get; set; } = [3];

        [KeyType(9)]
        public byte[] Bytes { get; set; } = [0, 9];

        [KeyType(9)]
        public ushort[] Shorts { get; set; } = [0, 9];

        [KeyType(9)]
        public uint[] Keys { get; set; } = [0, 9];

        [KeyType(9)]
        public ulong[] Wide { get; set; } = [0, 9];
    }

    private readonly MLContext _context = new(seed: 1);

    [Theory]
    [InlineData(nameof(Row.One), new[] { -7 })]
    [InlineData(nameof(Row.Ints), new[] { 3, -4 })]
    [InlineData(nameof(Row.Longs), new[] { 3, int.MaxValue, int.MinValue, int.MinValue, int.MinValue })]
    [InlineData(nameof(Row.Singles), new[] { 3, -4, int.MinValue, int.MinValue, int.MinValue, int.MinValue })]
    public void Whole_numbers_of_any_type_are_read_and_those_that_are_none_are_the_least(string column, int[] expected) =>
        Assert.Equal(expected, Read(column, (row, found) => row.IntegersGetter(found)()));

    [Theory]
    [InlineData(nameof(Row.Bytes))]
    [InlineData(nameof(Row.Shorts))]
    [InlineData(nameof(Row.Keys))]
    [InlineData(nameof(Row.Wide))]
    public void Keys_of_any_width_are_read(string column) => Assert.Equal([0ul, 9ul], Read(column, (row, found) =>
    {
        ulong[] keys = [];
        row.KeysGetter(found)(ref keys);
        return keys;
    }));

    [Theory]
    [InlineData(nameof(Row.Doubles))]
    [InlineData(nameof(Row.Keys))]
    public void Other_types_are_refused_by_name(string column)
    {
        IHost host = ((IHostEnvironment)_context).Register("test");
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => Data().Schema.RequireIntegers(host, "place", column)).Message;
        Assert.Contains($"'{column}'", message, StringComparison.Ordinal);
        Assert.Contains("Int32, Int64 or Single", message, StringComparison.Ordinal);
    }

    private IDataView Data() => _context.Data.LoadFromEnumerable([new Row()]);

    private T[] Read<T>(string column, Func<DataViewRow, DataViewSchema.Column, T[]> read)
    {
        IDataView data = Data();
        using DataViewRowCursor cursor = data.GetRowCursor([data.Schema[column]]);
        Assert.True(cursor.MoveNext());
        return read(cursor, data.Schema[column]);
    }
}
