using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.Transformers.Models.Tiles;

/// <summary>
/// The products of a few rows with a panel of columns: as many of them as sums fit into the processor's registers, so that each value that is read takes
/// part in several products. Everything here is float32.
/// </summary>
internal static unsafe class Tile
{
    /// <summary>Columns of a panel.</summary>
    public const int Columns = 4 * Lanes;

    /// <summary>Values of a vector.</summary>
    public const int Lanes = 16;
    private const int MostRows = 6;

    /// <summary>c = a · b, for rows and one panel of columns.</summary>
    /// <param name="a">Rows: value i of a row stands i places behind its beginning.</param>
    /// <param name="aRow">Values from one row to the next.</param>
    /// <param name="b">The panel: value i of all columns stands i·<paramref name="bRow"/> places behind its beginning.</param>
    /// <param name="bRow">Values from one line of the panel to the next.</param>
    /// <param name="length">Values of a row.</param>
    /// <param name="rows">Rows, at least one.</param>
    /// <param name="lanes">Columns that count, in vectors of sixteen, 1 to 4; the panel has as many.</param>
    /// <param name="c">The results, columns side by side.</param>
    /// <param name="cRow">Values from one row of the results to the next.</param>
    public static void Multiply(float* a, long aRow, float* b, long bRow, int length, int rows, int lanes, float* c, long cRow)
    {
        // Parts of equal height: what is left over behind parts of six would be slow.
        int parts = (rows + MostRows - 1) / MostRows;
        for (int part = 0; part < parts; part++)
        {
            int height = (rows + parts - 1 - part) / parts;
            Multiply(height, lanes, a, aRow, b, bRow, length, c, cRow);
            a += height * aRow;
            c += height * cRow;
        }
    }

    private static void Multiply(int height, int lanes, float* a, long aRow, float* b, long bRow, int length, float* c, long cRow)
    {
        switch (height)
        {
            case 6: Width<N6>(lanes, a, aRow, b, bRow, length, c, cRow); break;
            case 5: Width<N5>(lanes, a, aRow, b, bRow, length, c, cRow); break;
            case 4: Width<N4>(lanes, a, aRow, b, bRow, length, c, cRow); break;
            case 3: Width<N3>(lanes, a, aRow, b, bRow, length, c, cRow); break;
            case 2: Width<N2>(lanes, a, aRow, b, bRow, length, c, cRow); break;
            default: Width<N1>(lanes, a, aRow, b, bRow, length, c, cRow); break;
        }
    }

    private static void Width<TRows>(int lanes, float* a, long aRow, float* b, long bRow, int length, float* c, long cRow)
        where TRows : struct, INumber
    {
        switch (lanes)
        {
            case 4: Sum<TRows, N4>(a, aRow, b, bRow, length, c, cRow); break;
            case 3: Sum<TRows, N3>(a, aRow, b, bRow, length, c, cRow); break;
            case 2: Sum<TRows, N2>(a, aRow, b, bRow, length, c, cRow); break;
            default: Sum<TRows, N1>(a, aRow, b, bRow, length, c, cRow); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum<TRows, TLanes>(float* a, long aRow, float* b, long bRow, int length, float* c, long cRow)
        where TRows : struct, INumber
        where TLanes : struct, INumber
    {
        Sums s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default;
        float* a3 = a + (3 * aRow);
        for (int i = 0; i < length; i++, b += bRow)
        {
            Vector512<float> b0 = Vector512.Load(b);
            Vector512<float> b1 = TLanes.Value > 1 ? Vector512.Load(b + Lanes) : default;
            Vector512<float> b2 = TLanes.Value > 2 ? Vector512.Load(b + (2 * Lanes)) : default;
            Vector512<float> b3 = TLanes.Value > 3 ? Vector512.Load(b + (3 * Lanes)) : default;
            s0.Add<TLanes>(a[i], b0, b1, b2, b3);
            if (TRows.Value > 1)
            {
                s1.Add<TLanes>(a[i + aRow], b0, b1, b2, b3);
            }
            if (TRows.Value > 2)
            {
                s2.Add<TLanes>(a[i + (2 * aRow)], b0, b1, b2, b3);
            }
            if (TRows.Value > 3)
            {
                s3.Add<TLanes>(a3[i], b0, b1, b2, b3);
            }
            if (TRows.Value > 4)
            {
                s4.Add<TLanes>(a3[i + aRow], b0, b1, b2, b3);
            }
            if (TRows.Value > 5)
            {
                s5.Add<TLanes>(a3[i + (2 * aRow)], b0, b1, b2, b3);
            }
        }
        s0.Store<TLanes>(c);
        if (TRows.Value > 1)
        {
            s1.Store<TLanes>(c + cRow);
        }
        if (TRows.Value > 2)
        {
            s2.Store<TLanes>(c + (2 * cRow));
        }
        if (TRows.Value > 3)
        {
            s3.Store<TLanes>(c + (3 * cRow));
        }
        if (TRows.Value > 4)
        {
            s4.Store<TLanes>(c + (4 * cRow));
        }
        if (TRows.Value > 5)
        {
            s5.Store<TLanes>(c + (5 * cRow));
        }
    }

    // The sums of one row.
    private struct Sums
    {
        private Vector512<float> _s0;
        private Vector512<float> _s1;
        private Vector512<float> _s2;
        private Vector512<float> _s3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add<TLanes>(float a, Vector512<float> b0, Vector512<float> b1, Vector512<float> b2, Vector512<float> b3)
            where TLanes : struct, INumber
        {
            Vector512<float> factor = Vector512.Create(a);
            _s0 = Vector512.FusedMultiplyAdd(factor, b0, _s0);
            if (TLanes.Value > 1)
            {
                _s1 = Vector512.FusedMultiplyAdd(factor, b1, _s1);
            }
            if (TLanes.Value > 2)
            {
                _s2 = Vector512.FusedMultiplyAdd(factor, b2, _s2);
            }
            if (TLanes.Value > 3)
            {
                _s3 = Vector512.FusedMultiplyAdd(factor, b3, _s3);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Store<TLanes>(float* c)
            where TLanes : struct, INumber
        {
            _s0.Store(c);
            if (TLanes.Value > 1)
            {
                _s1.Store(c + Lanes);
            }
            if (TLanes.Value > 2)
            {
                _s2.Store(c + (2 * Lanes));
            }
            if (TLanes.Value > 3)
            {
                _s3.Store(c + (3 * Lanes));
            }
        }
    }

    // A number that the compiler knows, so that it leaves away what is not computed.
    private interface INumber
    {
        static abstract int Value { get; }
    }

    private readonly struct N1 : INumber
    {
        public static int Value => 1;
    }

    private readonly struct N2 : INumber
    {
        public static int Value => 2;
    }

    private readonly struct N3 : INumber
    {
        public static int Value => 3;
    }

    private readonly struct N4 : INumber
    {
        public static int Value => 4;
    }

    private readonly struct N5 : INumber
    {
        public static int Value => 5;
    }

    private readonly struct N6 : INumber
    {
        public static int Value => 6;
    }
}
