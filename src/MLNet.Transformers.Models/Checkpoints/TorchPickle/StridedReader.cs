namespace MLNet.Transformers.Models.Checkpoints.TorchPickle;

/// <summary>
/// Gives the bytes of a view in the order of its indices, forward only. What lies in one piece in the file is copied in one piece: all of an ordinary
/// tensor, a number at a time of a transposed one.
/// </summary>
internal sealed class StridedReader
{
    private readonly MappedFile _file;
    private readonly long _offset;
    private readonly int _element;

    // Dimensions in front of the piece, outermost first.
    private readonly long[] _shape;
    private readonly long[] _strides;
    private readonly long[] _index;
    private readonly long _piece;
    private long _within;

    public StridedReader(MappedFile file, TorchTensor tensor)
    {
        (_file, _offset, _element) = (file, tensor.Offset, tensor.Type.ElementSize());
        int outer = tensor.Shape.Length;
        long whole = 1;
        while (outer > 0 && (tensor.Shape[outer - 1] == 1 || tensor.Strides[outer - 1] == whole))
        {
            whole *= tensor.Shape[--outer];
        }
        (_shape, _strides, _index, _piece) = (tensor.Shape[..outer], tensor.Strides[..outer], new long[outer], whole * _element);
    }

    /// <summary>Fills the target with the bytes that follow those given before.</summary>
    public void Read(Span<byte> target, long offset)
    {
        while (target.Length > 0)
        {
            int count = (int)Math.Min(target.Length, _piece - _within);
            _file.Read(Begin() + _within, target[..count]);
            target = target[count..];
            _within += count;
            if (_within == _piece)
            {
                _within = 0;
                Advance();
            }
        }
    }

    private long Begin()
    {
        long at = 0;
        for (int i = 0; i < _index.Length; i++)
        {
            at += _index[i] * _strides[i];
        }
        return _offset + at * _element;
    }

    private void Advance()
    {
        for (int i = _index.Length - 1; i >= 0 && ++_index[i] == _shape[i]; i--)
        {
            _index[i] = 0;
        }
    }
}
