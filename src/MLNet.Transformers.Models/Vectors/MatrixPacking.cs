namespace MLNet.Transformers.Models.Vectors;

/// <summary>How the matrices of a network that writes are kept.</summary>
internal enum MatrixPacking
{
    /// <summary>As parameters, in float32.</summary>
    None,

    /// <summary>In the file's blocks where it has such, else as parameters.</summary>
    AsStored,

    /// <summary>In the file's blocks where it has such, else in blocks of eight bits a value.</summary>
    Int8,

    /// <summary>In the file's blocks where it has such, else in blocks of four bits a value; the table of tokens and the head's matrix in eight, which tell words apart.</summary>
    Int4,
}
