using System.Diagnostics.CodeAnalysis;
using MLNet.Transformers.Models;

namespace MLNet.Transformers.Prediction;

/// <summary>
/// One set of weights, counted: a transformer and every prediction engine and cursor that is made of it hold it, and it is freed when the last
/// of them is disposed. Scoring changes nothing in it, so its holders may score at once on several threads.
/// </summary>
internal sealed class SharedNetwork(TaskModel model)
{
    private readonly Lock _lock = new();
    private int _holders;
    private bool _isFreed;

    /// <summary>Holds the network until the lease is disposed.</summary>
    /// <param name="holder">What to call the holder when it is used after it was disposed.</param>
    public Lease Hold(string holder) => TryHold(holder, out Lease? lease) ? lease : throw new ObjectDisposedException(holder);

    private bool TryHold(string holder, [NotNullWhen(true)] out Lease? lease)
    {
        lock (_lock)
        {
            _holders += _isFreed ? 0 : 1;
            lease = _isFreed ? null : new Lease(this, model, holder);
            return !_isFreed;
        }
    }

    private void Release()
    {
        lock (_lock)
        {
            _holders--;
            _isFreed = _holders == 0;
            if (!_isFreed)
            {
                return;
            }
        }
        model.Dispose();
    }

    internal sealed class Lease(SharedNetwork network, TaskModel model, string holder) : IDisposable
    {
        private int _disposed;

        public bool IsDisposed => _disposed != 0;

        /// <exception cref="ObjectDisposedException">The holder was disposed.</exception>
        public TaskModel Model => !IsDisposed ? model : throw new ObjectDisposedException(holder);

        /// <summary>A lease of the same network for another holder.</summary>
        /// <exception cref="ObjectDisposedException">This holder was disposed, maybe by another thread just now.</exception>
        public Lease Share(string other) =>
            !IsDisposed && network.TryHold(other, out Lease? lease) ? lease : throw new ObjectDisposedException(holder);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                network.Release();
            }
        }
    }
}
