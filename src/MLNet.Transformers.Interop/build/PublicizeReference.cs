using System;
using System.IO;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// A build task: copies an assembly and makes its internal types and members public, for the compiler's eyes only. Accessibility is a few bits
/// of a column of fixed width in three metadata tables (ECMA-335, partition II, 22.15, 22.26, 22.37), so the bits are changed where they lie and
/// the assembly keeps its identity. MSBuild compiles this file against .NET Standard 2.0, which has no metadata reader, hence our own.
/// </summary>
public sealed class PublicizeReference : Task
{
    private const int TypeDefTable = 2, FieldTable = 4, MethodDefTable = 6;
    private const int VisibilityMask = 7;

    /// <summary>The assembly as NuGet delivers it.</summary>
    [Required]
    public string Source { get; set; }

    /// <summary>The copy to write.</summary>
    [Required]
    public string Target { get; set; }

    public override bool Execute()
    {
        byte[] image = File.ReadAllBytes(Source);
        Publicize(image);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Target)));
        // An editor and a build may come here at once: each writes its own file, the last rename stays.
        string temporary = Target + "." + Guid.NewGuid().ToString("N");
        File.WriteAllBytes(temporary, image);
        try
        {
            File.Delete(Target);
            File.Move(temporary, Target);
        }
        catch (IOException) when (File.Exists(Target))
        {
            File.Delete(temporary);
        }
        return true;
    }

    private static void Publicize(byte[] image)
    {
        int root = MetadataRoot(image);
        int tables = TableStream(image, root);
        int heaps = image[tables + 6];
        ulong present = BitConverter.ToUInt64(image, tables + 8);
        var rows = new int[64];
        int position = tables + 24;
        for (int table = 0; table < 64; table++)
        {
            if ((present >> table & 1) != 0)
            {
                rows[table] = BitConverter.ToInt32(image, position);
                position += 4;
            }
        }

        int text = (heaps & 1) != 0 ? 4 : 2, guid = (heaps & 2) != 0 ? 4 : 2, blob = (heaps & 4) != 0 ? 4 : 2;
        var size = new int[]
        {
            2 + text + 3 * guid,                                                        // Module
            Coded(rows, 0, 26, 35, 1) + 2 * text,                                       // TypeRef
            4 + 2 * text + Coded(rows, 2, 1, 27) + Index(rows[4]) + Index(rows[6]),     // TypeDef
            Index(rows[4]),                                                             // FieldPtr
            2 + text + blob,                                                            // Field
            Index(rows[6]),                                                             // MethodPtr
            8 + text + blob + Index(rows[8]),                                           // MethodDef
        };
        for (int table = 0; table < size.Length; table++)
        {
            for (int row = 0; row < rows[table]; row++, position += size[table])
            {
                // A method's flags follow its address (4 bytes) and its implementation flags (2 bytes).
                int flags = table == MethodDefTable ? position + 6 : position;
                if (table == TypeDefTable)
                {
                    image[flags] = Visibility(image[flags], VisibleType);
                }
                else if (table == FieldTable || table == MethodDefTable)
                {
                    image[flags] = Visibility(image[flags], VisibleMember);
                }
            }
        }
    }

    private static byte Visibility(byte flags, Func<int, int> visible) => (byte)(flags & ~VisibilityMask | visible(flags & VisibilityMask));

    // 0 internal, 1 public, 2 nested public, 5 nested internal, 6 nested private protected, 7 nested protected internal.
    private static int VisibleType(int visibility) => visibility == 0 ? 1 : visibility >= 5 ? 2 : visibility;

    // 2 private protected, 3 internal, 5 protected internal, 6 public. Private and protected members stay as they are.
    private static int VisibleMember(int visibility) => visibility == 2 || visibility == 3 || visibility == 5 ? 6 : visibility;

    private static int Index(int rows) => rows < 1 << 16 ? 2 : 4;

    // An index into one of several tables: two bits say which.
    private static int Coded(int[] rows, params int[] tables)
    {
        foreach (int table in tables)
        {
            if (rows[table] >= 1 << 14)
            {
                return 4;
            }
        }
        return 2;
    }

    private static int MetadataRoot(byte[] image)
    {
        int header = BitConverter.ToInt32(image, 0x3c);
        int sections = BitConverter.ToUInt16(image, header + 6);
        int optional = header + 24;
        int optionalSize = BitConverter.ToUInt16(image, header + 20);
        bool wide = BitConverter.ToUInt16(image, optional) == 0x20b;
        int runtimeHeader = BitConverter.ToInt32(image, optional + (wide ? 112 : 96) + 14 * 8);
        return Offset(BitConverter.ToInt32(image, Offset(runtimeHeader) + 8));

        int Offset(int address)
        {
            for (int section = optional + optionalSize, i = 0; i < sections; i++, section += 40)
            {
                int start = BitConverter.ToInt32(image, section + 12);
                if (address >= start && address < start + BitConverter.ToInt32(image, section + 16))
                {
                    return address - start + BitConverter.ToInt32(image, section + 20);
                }
            }
            throw new InvalidDataException("The assembly has no metadata.");
        }
    }

    // The stream that holds the tables is the one called "#~".
    private static int TableStream(byte[] image, int root)
    {
        int position = root + 16 + BitConverter.ToInt32(image, root + 12);
        int streams = BitConverter.ToUInt16(image, position + 2);
        position += 4;
        for (int i = 0; i < streams; i++)
        {
            int offset = BitConverter.ToInt32(image, position);
            int name = position + 8;
            if (image[name] == '#' && image[name + 1] == '~' && image[name + 2] == 0)
            {
                return root + offset;
            }
            position = name;
            while (image[position] != 0)
            {
                position++;
            }
            position = name + ((position - name) / 4 + 1) * 4;
        }
        throw new InvalidDataException("The assembly has no metadata tables.");
    }
}
