using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.Transformers.Interop;

/// <summary>
/// Reads a window of rows, buffering the columns that pass through, and computes the window when the first added column of it is read. The first
/// window is one row, the next one batch, then they have their full length: who reads few rows does not wait for many.
/// A second upstream cursor for the columns that pass through would see another order under shuffling, hence the buffers.
/// </summary>
internal sealed class WindowCursor : DataViewRowCursor
{
    /// <summary>A window ends early when the columns that pass through it take more: a row may hold an image's pixels.</summary>
    internal const long MostBytes = 64 << 20;

    /// <summary>Where an exception's <see cref="Exception.Data"/> tells the positions of the rows that were being computed.</summary>
    internal const string FailedRows = "MLNet.Transformers.Rows";

    // A transformer's full window is this many batches.
    private const int BatchesOfWindow = 16;

    private readonly IHost _host;
    private readonly ColumnBinding _binding;
    private readonly DataViewRowCursor _input;
    private readonly bool[] _active;
    private readonly RowBatch _batch;
    private readonly ColumnBuffer?[] _buffers;
    private readonly Delegate?[] _getters;
    private readonly DataViewRowId[] _ids;
    private readonly ValueGetter<DataViewRowId> _readId;
    private readonly int _batchRows;
    private ExceptionDispatchInfo? _failure;
    private int _window = 1;
    private int _count;
    private int _slot = -1;
    private long _position = -1;
    private long _firstBatch;
    private bool _computed;
    private bool _ended;
    private bool _disposed;

    public WindowCursor(RowTransformer transformer, ColumnBinding binding, DataViewRowCursor input, bool[] active)
    {
        (_host, _binding, _input, _active) = (transformer.Host, binding, input, active);
        int rows = transformer.WindowRows;
        _batch = transformer.CreateBatch(binding, rows);
        try
        {
            _batch.Bind(input);
            _buffers = [.. binding.Input.Select(column => active[column.Index] ? ColumnBuffer.Create(input, column, rows) : null)];
            _getters = new Delegate?[binding.OutputCount];
            for (int output = 0; output < _getters.Length; output++)
            {
                if (active[binding.Input.Count + output])
                {
                    _getters[output] = _batch.Getter(output, Compute);
                }
            }
        }
        catch
        {
            _batch.Dispose();
            throw;
        }
        (_ids, _readId, _batchRows) = (new DataViewRowId[rows], input.GetIdGetter(), Math.Max(1, rows / BatchesOfWindow));
    }

    public override DataViewSchema Schema => _binding.Output;

    public override long Position => _position;

    // What ML.NET hands on together where several cursors are read at once.
    public override long Batch => _slot < 0 ? 0 : _firstBatch + _slot / _batchRows;

    public override bool MoveNext()
    {
        if (_disposed)
        {
            return false;
        }
        if (++_slot >= _count)
        {
            // Where the source fails, the rows read before are served next.
            _slot = -1;
            Fill();
            _slot = 0;
        }
        if (_count == 0)
        {
            (_position, _slot) = (-1, -1);
            return false;
        }
        _position++;
        return true;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = _ids[Current()];

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Getters.Cast<TValue>(
        _binding.PassesThrough(column.Index) ? _buffers[column.Index]?.Getter(Current) : _getters[column.Index - _binding.Input.Count], column);

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            (_count, _slot) = (0, -1);
            Array.Clear(_buffers);
            _batch.Dispose();
            _input.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Fill()
    {
        if (_computed)
        {
            _window = _window < _batchRows ? _batchRows : _ids.Length;
        }
        _firstBatch += (_count + _batchRows - 1) / _batchRows;
        (_count, _computed, _failure) = (0, false, null);
        if (_ended)
        {
            return;
        }
        _host.CheckAlive();
        long bytes = 0;
        while (_count < _window && bytes < MostBytes)
        {
            if (!_input.MoveNext())
            {
                _ended = true;
                return;
            }
            _readId(ref _ids[_count]);
            foreach (ColumnBuffer? buffer in _buffers)
            {
                bytes += buffer?.Read(_count) ?? 0;
            }
            _batch.Read(_count);
            _count++;
        }
    }

    private int Current() => _slot >= 0
        ? _slot
        : throw new InvalidOperationException("The cursor stands at no row: values are there after MoveNext gave true, until it gives false.");

    // The current slot, of a window that is computed. A failure is kept: each later read of the window tells the same.
    private int Compute()
    {
        int slot = Current();
        _failure?.Throw();
        if (!_computed)
        {
            try
            {
                _batch.Run(_count);
            }
            catch (Exception error)
            {
                long first = _position - slot;
                error.Data[FailedRows] = $"{first} to {first + _count - 1}";
                _failure = ExceptionDispatchInfo.Capture(error);
                throw;
            }
            _computed = true;
        }
        return slot;
    }
}
