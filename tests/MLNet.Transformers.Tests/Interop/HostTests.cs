using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;

namespace MLNet.Transformers.Tests.Interop;

public sealed class HostTests
{
    [Fact]
    public void Settings_are_those_of_the_context()
    {
        Assert.Equal(new HostSettings(null, null, false), new MLContext().Settings());
        Assert.Equal(new HostSettings(7, 2, true), new MLContext(seed: 7) { GpuDeviceId = 2, FallbackToCpu = true }.Settings());
    }

    [Fact]
    public void A_host_has_the_settings_of_its_context()
    {
        var context = new MLContext(seed: 7) { GpuDeviceId = 2, FallbackToCpu = true };
        HostSettings settings = ((IHostEnvironment)context).Register("test").Settings();
        Assert.Equal((2, true), (settings.GpuDeviceId, settings.FallbackToCpu));
    }

    [Fact]
    public void A_line_reaches_the_log_of_the_context()
    {
        var context = new MLContext();
        var lines = new List<string>();
        context.Log += (_, line) => lines.Add(line.Message);
        ((IHostEnvironment)context).Register("test").Info("Three rows were skipped.");
        Assert.Contains(lines, line => line.Contains("Three rows were skipped.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_cancelled_context_throws()
    {
        var context = new MLContext();
        IHost host = ((IHostEnvironment)context).Register("test");
        host.CheckAlive();
        typeof(MLContext).GetMethod("CancelExecution", BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(context, null);
        Assert.Throws<OperationCanceledException>(host.CheckAlive);
    }

    [Theory]
    [InlineData(typeof(byte))]
    [InlineData(typeof(ushort))]
    [InlineData(typeof(uint))]
    [InlineData(typeof(ulong))]
    public void A_key_of_any_width_is_read(Type type)
    {
        var column = new KeyColumn(type);
        ValueGetter<ulong> getter = column.KeyGetter(column.Schema[0]);
        ulong value = 0;
        foreach (byte expected in new byte[] { 0, 1, 200 })
        {
            column.Value = expected;
            getter(ref value);
            Assert.Equal(expected, value);
        }
    }

    /// <summary>A row of one key column.</summary>
    private sealed class KeyColumn : DataViewRow
    {
        public KeyColumn(Type type)
        {
            var builder = new DataViewSchema.Builder();
            builder.AddColumn("Key", new KeyDataViewType(type, 250));
            Schema = builder.ToSchema();
        }

        public byte Value { get; set; }

        public override DataViewSchema Schema { get; }

        public override long Position => 0;

        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = default;

        // Fails, as ML.NET's own rows do, where the type asked for is not the column's.
        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => typeof(TValue) == column.Type.RawType
            ? (ref TValue value) => value = (TValue)Convert.ChangeType(Value, typeof(TValue), null)
            : throw new InvalidOperationException($"The column holds {column.Type.RawType}, not {typeof(TValue)}.");
    }
}
